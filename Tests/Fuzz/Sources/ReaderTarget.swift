internal import Foundation
internal import XinglinKit
@testable import XinglinRPC

/// What the strict reader takes comes back equal from its own text and means the same to Foundation; what it refuses and
/// Foundation takes is refused for a reason of its own.
struct ReaderTarget: FuzzTarget {
    /// Where we are stricter than RFC 8259 asks (docs/protocol.md).
    private static let ours: Set<String> = [
        "a member name stands twice in one object", "nested too deeply", "half of a surrogate pair",
        "a number of too many digits",
    ]

    func check(_ bytes: [UInt8]) {
        let result = Result { () throws(JSONSyntaxError) in try JSONReader.parse(bytes) }
        let validated = Result { () throws(JSONSyntaxError) in try JSONReader.validate(bytes) }
        switch (result, validated) {
        case (.success(let tree), .success):
            self.checkTaken(tree, bytes)
        case (.failure(let first), .failure(let second)):
            expect(first == second, "reading and checking refuse for the same reason at the same place")
            expect((0...bytes.count).contains(first.offset), "the place of an error is in the text")
            self.checkRefused(first, bytes)
        default: violated("reading and checking agree")
        }
        self.checkEnvelope(result, bytes)
    }

    private func checkTaken(_ tree: JSONValue, _ bytes: [UInt8]) {
        let text = Array(tree.canonicalText.utf8)
        expect(!text.contains(0x0A), "a value is written in one line")
        expect((try? JSONReader.parse(text)) == tree, "a tree comes back from its text")
        expect((try? JSONCodec.encode(tree)) == text, "the encoder writes what the writer writes")
        expect((try? JSONCodec.decode(JSONValue.self, from: tree)) == tree, "a tree decodes to itself")
        guard let other = Self.foundation(bytes) else {
            expect(Self.isBeyondFoundation(tree), "Foundation takes what the reader takes")
            return
        }
        // Foundation loses byte order marks within strings, and then takes two names for one.
        guard !tree.canonicalText.unicodeScalars.contains("\u{FEFF}") else { return }
        expect(Self.agree(tree, other), "Foundation reads the same: \(tree.canonicalText.prefix(200))")
    }

    private func checkRefused(_ error: JSONSyntaxError, _ bytes: [UInt8]) {
        guard !Self.ours.contains(error.reason), Self.foundation(bytes) != nil else { return }
        // Foundation guesses UTF-16 and UTF-32 from NUL bytes, and skips a byte order mark.
        let isOtherEncoding = bytes.contains(0) || bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.first ?? 0 >= 0xFE
        // Foundation takes a comma behind the last element or member.
        let isTrailingComma = bytes.indices.contains(error.offset) && [0x5D, 0x7D].contains(bytes[error.offset])
        expect(
            isOtherEncoding || isTrailingComma,
            "Foundation refuses what the reader refuses: \(error.reason) at \(error.offset)")
    }

    /// The reader of envelopes takes the same text as a param, or refuses the line.
    private func checkEnvelope(_ result: Result<JSONValue, JSONSyntaxError>, _ bytes: [UInt8]) {
        let line =
            Array(#"{"jsonrpc":"2.0","id":1,"method":"host.ping","params":{"x":"#.utf8) + bytes + Array("}}".utf8)
        switch (result, EnvelopeReader(batchLimit: 100).read(line)) {
        case (.success(let tree), .single(.request(let request))):
            expect((try? JSONReader.parse(request.params))?["x"] == tree, "a param is read as it was sent")
        case (.success, .refused(let fault)):
            // Two levels deeper it may be too deep.
            let cause = fault.details?[0]?["cause"]?.stringValue
            expect(cause == "nested too deeply", "a value may be a param: \(cause ?? "")")
        default: break
        }
    }

    private static func foundation(_ bytes: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    /// Numbers that no Double holds: the reader keeps their text.
    private static func isBeyondFoundation(_ tree: JSONValue) -> Bool {
        switch tree {
        case .number: true
        case .array(let elements): elements.contains { Self.isBeyondFoundation($0) }
        case .object(let members): members.values.contains { Self.isBeyondFoundation($0) }
        default: false
        }
    }

    private static func agree(_ tree: JSONValue, _ other: Any) -> Bool {
        switch (tree, other) {
        case (.null, is NSNull): true
        case (.string(let text), let other as String): Array(text.utf8) == Array(other.utf8)
        case (.array(let elements), let others as [Any]):
            elements.count == others.count && zip(elements, others).allSatisfy { Self.agree($0, $1) }
        case (.object(let members), let others as [String: Any]):
            members.count == others.count
                && members.allSatisfy { name, value in others[name].map { Self.agree(value, $0) } ?? false }
        case (.bool(let value), let other as NSNumber): other.boolValue == value
        case (.integer(let value), let other as NSNumber): other.int64Value == value
        case (.number(let text), let other as NSNumber):
            // Foundation goes by way of a decimal number, which rounds twice.
            Double(text).map { abs($0 - other.doubleValue) <= abs($0) * 1e-12 || !$0.isFinite } ?? false
        default: false
        }
    }
}
