internal import XinglinKit

/// Reads the text of a `jsonb` column, which PostgreSQL has written.
struct FactsText {
    private var rest: Substring.UTF8View

    /// - Throws: `DatabaseError` where it is no JSON.
    static func value(of text: String) throws -> JSONValue {
        var reader = FactsText(rest: text[...].utf8)
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.rest.isEmpty else { throw Self.malformed }
        return value
    }

    private static var malformed: DatabaseError { DatabaseError(kind: .decoding, message: "facts are no JSON") }

    private mutating func skipBlanks() {
        while let byte = self.rest.first, byte == 0x20 || (0x09...0x0D).contains(byte) { self.rest.removeFirst() }
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
        self.skipBlanks()
        guard self.rest.first == byte else { return false }
        self.rest.removeFirst()
        return true
    }

    private mutating func value() throws -> JSONValue {
        self.skipBlanks()
        switch self.rest.first {
        case 0x7B: return .object(try self.members())
        case 0x5B: return .array(try self.elements())
        case 0x22: return .string(try self.string())
        default: return try self.word()
        }
    }

    private mutating func members() throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        self.rest.removeFirst()
        guard !self.takes(0x7D) else { return members }
        repeat {
            self.skipBlanks()
            let name = try self.string()
            guard self.takes(0x3A) else { throw Self.malformed }
            members[name] = try self.value()
        } while self.takes(0x2C)
        guard self.takes(0x7D) else { throw Self.malformed }
        return members
    }

    private mutating func elements() throws -> [JSONValue] {
        var elements: [JSONValue] = []
        self.rest.removeFirst()
        guard !self.takes(0x5D) else { return elements }
        repeat { elements.append(try self.value()) } while self.takes(0x2C)
        guard self.takes(0x5D) else { throw Self.malformed }
        return elements
    }

    private mutating func string() throws -> String {
        guard self.rest.first == 0x22 else { throw Self.malformed }
        self.rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = self.rest.popFirst() {
            switch byte {
            case 0x22: return String(decoding: bytes, as: UTF8.self)
            case 0x5C: bytes += try self.escaped()
            default: bytes.append(byte)
            }
        }
        throw Self.malformed
    }

    /// PostgreSQL escapes what has to be, and only control characters by number.
    private mutating func escaped() throws -> [UInt8] {
        switch self.rest.popFirst() {
        case 0x62: return [0x08]
        case 0x66: return [0x0C]
        case 0x6E: return [0x0A]
        case 0x72: return [0x0D]
        case 0x74: return [0x09]
        case 0x75:
            let digits = self.rest.prefix(4)
            guard let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            else { throw Self.malformed }
            self.rest = self.rest.dropFirst(4)
            return Array(String(Character(scalar)).utf8)
        case let byte?: return [byte]
        case nil: throw Self.malformed
        }
    }

    private mutating func word() throws -> JSONValue {
        let word = self.rest.prefix { $0 != 0x2C && $0 != 0x5D && $0 != 0x7D && $0 > 0x20 }
        self.rest = self.rest.dropFirst(word.count)
        let text = String(decoding: word, as: UTF8.self)
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "": throw Self.malformed
        default: return Int64(text).map { .integer($0) } ?? .number(text)
        }
    }
}
