internal import Glibc

/// Where the operations port listens: a loopback address with its port.
public struct OperationsAddress: Sendable, Equatable {
    public let host: String
    public let port: Int

    /// Nil where the text is no `HOST:PORT` (`[HOST]:PORT` with IPv6), or the host is no loopback address.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let name = text[..<colon]
        var address = in_addr()
        if name == "[::1]" {
            self.host = "::1"
        } else if name.hasPrefix("127."), inet_pton(AF_INET, String(name), &address) == 1 {
            self.host = String(name)
        } else {
            return nil
        }
        self.port = Int(port)
    }

    /// Host and port as they stand in a URL.
    public static func text(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
