import Foundation
import Testing
import XinglinTesting

@testable import XinglinHost

@Suite("Reading comma-separated files")
struct CSVReaderTests {
    @Test(
        "records are read as RFC 4180 says",
        arguments: [
            ("a,b\n", [["a", "b"]]), ("a,b", [["a", "b"]]), ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
            ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]), ("\"a\",\"b\"\r\n", [["a", "b"]]),
            ("\"a \"\"b\"\"\",c\n", [["a \"b\"", "c"]]), ("\"a,b\",c\n", [["a,b", "c"]]),
            ("\"a\nb\",c\nd,e\n", [["a\nb", "c"], ["d", "e"]]), ("\"a\r\nb\"\r\n", [["a\r\nb"]]),
            (",\n", [["", ""]]), ("\n\n", [[""], [""]]), ("", []), ("\"\",\"\"\n", [["", ""]]),
            (" a , b\t\n", [["a", "b"]]), ("\u{3000}张三\u{3000},\u{FEFF}李四\n", [["张三", "李四"]]),
            ("\u{FEFF}姓名,性别\n", [["姓名", "性别"]]), ("a,\n", [["a", ""]]), ("\"\"\"\"\n", [["\""]]),
        ])
    func records(text: String, expected: [[String]]) throws {
        let records = try CSVReader.records(text)
        #expect(records.map(\.fields) == expected)
        #expect(records.allSatisfy { !$0.hasStrayQuote })
    }

    @Test("a misplaced quotation mark marks its record and no other", arguments: ["a\"b,c\nd,e\n", "\"a\"b,c\nd,e\n"])
    func strayQuote(text: String) throws {
        let records = try CSVReader.records(text)
        #expect(records.map(\.hasStrayQuote) == [true, false])
        #expect(records.map(\.fields.count) == [2, 2])
    }

    @Test("a quotation mark that is never closed names its record", arguments: [("\"a", 0), ("a\nb\n\"c\nd\n", 2)])
    func unclosed(text: String, record: Int) {
        #expect(throws: CSVReader.Unclosed(record: record)) { try CSVReader.records(text) }
    }

    @Test("what is written is read again, and a file cut at its boundaries is the whole file")
    func roundTrip() throws {
        var random = SeededGenerator.printed("csv")
        let alphabet = Array("ab,\"\n\r 麻黄x")
        for _ in 0..<2_000 {
            let rows = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    String(
                        (0..<Int.random(in: 0...6, using: &random)).map { _ in
                            alphabet.randomElement(using: &random) ?? "a"
                        })
                }
            }
            let lineBreak = Bool.random(using: &random) ? "\r\n" : "\n"
            let text = rows.map { $0.map(Self.quoted).joined(separator: ",") + lineBreak }.joined()
            let expected = rows.map { $0.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } }
            #expect(try CSVReader.records(text).map(\.fields) == expected)
            #expect(try Self.pieces(of: text).flatMap { try CSVReader.records($0) }.map(\.fields) == expected)
        }
    }

    @Test("no text at all brings the reader down, and cutting never changes what it reads")
    func anything() throws {
        var random = SeededGenerator.printed("csv garbage")
        let alphabet = Array("a,\"\n\r麻")
        for _ in 0..<5_000 {
            let text = String(
                (0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            guard let whole = try? CSVReader.records(text) else { continue }
            #expect(try Self.pieces(of: text).flatMap { try CSVReader.records($0) } == whole)
        }
    }

    private static func quoted(_ field: String) -> String {
        "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    /// The text, cut where records end.
    private static func pieces(of text: String) -> [String] {
        var boundary = CSVBoundary()
        var pieces: [String] = []
        var piece: [UInt8] = []
        for byte in text.utf8 {
            piece.append(byte)
            guard boundary.take(byte) else { continue }
            pieces.append(String(decoding: piece, as: UTF8.self))
            piece = []
        }
        return piece.isEmpty ? pieces : pieces + [String(decoding: piece, as: UTF8.self)]
    }
}
