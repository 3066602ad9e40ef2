internal import Glibc

/// Tells the service manager how things stand, by its datagram protocol (sd_notify): a line such as `READY=1` to the socket that
/// `NOTIFY_SOCKET` names.
public struct ServiceManager: Sendable {
    private let path: String
    /// How often it wants to hear that the process is alive; nil where it does not watch.
    public let watchdogInterval: Duration?

    /// Nil where nobody listens: no `NOTIFY_SOCKET`, or one that is no Unix socket's path.
    public init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < 108, path.utf8.count > 1
        else { return nil }
        self.path = path
        self.watchdogInterval = Self.interval(environment)
    }

    /// Half of what the manager allows, so that one message may be late.
    private static func interval(_ environment: [String: String]) -> Duration? {
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init), microseconds > 0 else { return nil }
        if let process = environment["WATCHDOG_PID"], process != String(getpid()) { return nil }
        return .microseconds(microseconds / 2)
    }

    /// Sends one state.
    /// - Returns: whether it was sent. A manager that does not listen is no reason not to serve.
    @discardableResult
    public func tell(_ state: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // A manager that does not read must not hold the host up.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(self.path.utf8)
        // An abstract socket's name begins with a NUL.
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let message = Array(state.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
        return sent == message.count
    }
}
