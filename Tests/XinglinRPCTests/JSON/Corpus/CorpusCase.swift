import Testing
import XinglinKit

/// One text for the JSON reader. The names are those of the public parsing corpus nst/JSONTestSuite, so that what is missing can
/// be seen; the texts are ours.
struct CorpusCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// What the text means, where it is read.
    let value: JSONValue?

    /// - Parameter text: `‹E5›` in it stands for the byte 0xE5.
    init(_ name: String, _ text: String, _ value: JSONValue? = nil) {
        self.name = name
        self.bytes = Self.bytes(text)
        self.value = value
    }

    var testDescription: String { self.name }

    private static func bytes(_ text: String) -> [UInt8] {
        text.split(separator: "‹", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            guard index > 0, let end = part.firstIndex(of: "›") else { return Array(part.utf8) }
            return [UInt8(part[..<end], radix: 16) ?? 0x3F] + Array(part[part.index(after: end)...].utf8)
        }
    }
}
