internal import Glibc
internal import XinglinKit

/// What a reply line says: to which request, and whether it was done. Read without a parser where the line has the form in which the
/// host writes it, for the client must not cost more than the server.
struct LoadReply: Equatable {
    enum Outcome: Equatable {
        case done
        case refused(String)
    }

    /// nil where the line answers no request.
    let id: Int?
    let outcome: Outcome

    private static let result = Array("{\"jsonrpc\":\"2.0\",\"result\":".utf8)
    /// What an echo of a request begins with.
    private static let echo = Array("{\"jsonrpc\":\"2.0\",\"method\":".utf8)
    private static let id = Array("\"id\":".utf8)

    init(_ line: UnsafeRawBufferPointer) {
        if let id = Self.idAtTheEnd(of: line), Self.begins(line, Self.result) || Self.begins(line, Self.echo) {
            self.id = id
            self.outcome = .done
            return
        }
        guard let tree = try? JSONReader.parse(Array(line)) else {
            self.id = nil
            self.outcome = .refused("a reply that is no JSON")
            return
        }
        self.id = tree["id"]?.integerValue.map(Int.init)
        let reason = tree["error"]?["data"]?["reason"]?.stringValue
        self.outcome = tree["result"] != nil ? .done : .refused(reason ?? "an error without a reason")
    }

    private static func begins(_ line: UnsafeRawBufferPointer, _ start: [UInt8]) -> Bool {
        guard line.count >= start.count, let base = line.baseAddress else { return false }
        return memcmp(base, start, start.count) == 0
    }

    /// The number of `"id":N}`.
    private static func idAtTheEnd(of line: UnsafeRawBufferPointer) -> Int? {
        guard line.last == UInt8(ascii: "}") else { return nil }
        var position = line.count - 2
        var value = 0
        var place = 1
        while position >= 0, place < 1_000_000_000, (0x30...0x39).contains(line[position]) {
            value += Int(line[position] - 0x30) * place
            place *= 10
            position -= 1
        }
        let start = position + 1 - Self.id.count
        guard place > 1, start >= 0, let base = line.baseAddress,
            memcmp(base + start, Self.id, Self.id.count) == 0
        else { return nil }
        return value
    }
}
