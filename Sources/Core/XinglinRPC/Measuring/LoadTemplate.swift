internal import NIOCore
internal import XinglinKit

/// A request that is sent again and again, with other numbers each time: `{{1...20000}}` in its params stands for a random integer
/// of that range, and `{{unique}}` for one that no other request of the run has.
public struct LoadTemplate: Sendable {
    enum Part: Sendable {
        case bytes([UInt8])
        case random(ClosedRange<Int64>)
        case unique
    }

    /// Why a template is none.
    public struct Refusal: Error, CustomStringConvertible {
        public let description: String
    }

    private let parts: [Part]

    /// - Parameters:
    ///   - params: the text of a JSON object with placeholders.
    ///   - meta: the text of the `_meta` object with placeholders, where one is to be sent.
    /// - Throws: `Refusal`.
    public init(method: String, params: String, meta: String? = nil) throws {
        let text = try Self.joined(params, meta)
        var writer = JSONWriter()
        writer.raw("{\"jsonrpc\":\"2.0\",\"method\":")
        writer.string(method)
        writer.raw(",\"params\":")
        var parts = [Part.bytes(writer.bytes)] + (try Self.parts(of: text))
        parts.append(.bytes(Array(",\"id\":".utf8)))
        self.parts = parts
    }

    /// Appends one request line.
    func write(id: Int, to buffer: inout ByteBuffer, _ source: inout LoadNumbers) {
        for part in self.parts {
            switch part {
            case .bytes(let bytes): buffer.writeBytes(bytes)
            case .random(let range): buffer.writeString(String(Int64.random(in: range, using: &source)))
            case .unique: buffer.writeString(source.unique())
            }
        }
        buffer.writeString(String(id))
        buffer.writeStaticString("}\n")
    }

    private static func joined(_ params: String, _ meta: String?) throws -> String {
        let sample = try self.parts(of: params).map { part in
            if case .bytes(let bytes) = part { String(decoding: bytes, as: UTF8.self) } else { "1" }
        }.joined()
        guard let tree = try? JSONReader.parse(Array(sample.utf8)), let members = tree.objectValue,
            let brace = params.firstIndex(of: "{")
        else { throw Refusal(description: "the params must be a JSON object, with {{1...9}} where numbers vary") }
        guard !sample.utf8.contains(0x0A) else { throw Refusal(description: "the params must stand on one line") }
        guard let meta else { return params }
        let rest = params[params.index(after: brace)...]
        return "{\"_meta\":\(meta)\(members.isEmpty ? "" : ",")\(rest)"
    }

    private static func parts(of text: String) throws -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        // What is left behind the text that matched.
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            parts.append(.bytes(Array(rest[..<open.lowerBound].utf8)))
            parts.append(try self.placeholder(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        parts.append(.bytes(Array(rest.utf8)))
        return parts
    }

    private static func placeholder(_ text: Substring) throws -> Part {
        if text == "unique" { return .unique }
        guard let dots = text.firstRange(of: "..."), let low = Int64(text[..<dots.lowerBound]),
            let high = Int64(text[dots.upperBound...]), low <= high
        else { throw Refusal(description: "{{\(text)}} is neither a range such as {{1...9}} nor {{unique}}") }
        return .random(low...high)
    }
}

/// The random numbers of one connection: SplitMix64, the same ones for the same seed.
struct LoadNumbers: RandomNumberGenerator {
    private var state: UInt64
    private let run: UInt64
    private var count: UInt64 = 0

    /// - Parameter connection: which connection of the run; each has numbers of its own.
    init(seed: UInt64, connection: Int) {
        self.state = seed &+ UInt64(connection) &* 0xD1B5_4A32_D192_ED03
        self.run = self.state
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func unique() -> String {
        self.count += 1
        return "\(self.run)-\(self.count)"
    }
}
