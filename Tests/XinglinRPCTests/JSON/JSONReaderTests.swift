import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("The strict JSON reader")
struct JSONReaderTests {
    private static let values: [(text: String, value: JSONValue)] = [
        ("null", nil), (" true\t", true), ("false\r\n", false), ("0", 0), ("-0", 0), ("7", 7), ("-12", -12),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number("9223372036854775808")),
        ("-9223372036854775809", .number("-9223372036854775809")), ("1.0", .number("1.0")), ("1e3", .number("1e3")),
        ("-1.5E-7", .number("-1.5E-7")), ("0.0", .number("0.0")), ("0e+1", .number("0e+1")), (#""""#, ""),
        (#""麻黄""#, "麻黄"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9""#, "A\u{E9}"),
        (#""\u9ebB""#, "麻"), (#""\uD83D\uDE00""#, "😀"), (#""\u0000""#, "\0"), ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
        ("[]", []), ("[ ]", []), ("[1 , 2]", [1, 2]), ("{}", [:]), ("{ }", [:]),
        (#"{"a":{"b":[null]},"c":""}"#, ["a": ["b": [nil]], "c": ""]), (#"{"":0}"#, ["": 0]),
        (#"{"\u0061":1}"#, ["a": 1]),
    ]

    @Test("reads every kind of value", arguments: Self.values)
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONReader.parse(text.utf8) == value)
        #expect(try JSONReader.parse(Array(text.utf8)[...]) == value)
        try JSONReader.validate(text.utf8)
    }

    @Test(
        "refuses what RFC 8259 does not allow",
        arguments: [
            "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1.e3", "1e", "1e+",
            "0x1", "1 2",
            "1,", "[1,]", "[,1]", "[1", "]", "[1}", "{", "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a" 1}"#,
            "{a:1}",
            "{'a':1}", "{1:1}", #"{"a":1"#, #"{"a":1 "b":2}"#, "\"", #""a"#, #""\"#, #""\x""#, #""\u12""#, #""\u12g4""#,
            #""\u+123""#, "\"\t\"", "\"\n\"", "\"\0\"", "\"\u{1F}\"", "// x\n1", "/* */1", "[1]x", "\u{FEFF}1",
            "\u{A0}1", "\u{B}1",
        ])
    func refuses(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(text.utf8) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.validate(text.utf8) }
    }

    @Test(
        "refuses half surrogate pairs",
        arguments: [
            #""\uD800""#, #""\uDC00""#, #""\uDBFF""#, #""\uD800\uD800""#, #""\uD800x""#, #""\uD800\n""#,
            #""\uDE00\uD83D""#,
            #""\uD83D\u0041""#, #"{"\uD800":1}"#, #""\ud83d\u""#,
        ])
    func refusesLoneSurrogates(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(text.utf8) }
    }

    @Test(
        "refuses bytes that are not UTF-8",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE9, 0xBA],
            [0xE9, 0xBA, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func refusesBadUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse([quote] + bytes + [quote]) }
        // The text may end in the middle of a scalar too.
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse([quote] + bytes) }
    }

    @Test(
        "takes the first and the last scalar of each UTF-8 length",
        arguments: ["\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"])
    func takesUTF8(text: String) throws {
        #expect(try JSONReader.parse("\"\(text)\"".utf8) == .string(text))
    }

    @Test(
        "refuses a name that stands twice in one object",
        arguments: [
            #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"\u0061":1,"a":2}"#, #"[{"x":{"a":1,"b":2,"a":3}}]"#,
            #"{"麻":1,"\u9ebb":2}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}", #"{"":1,"":2}"#,
        ])
    func refusesDuplicates(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(text.utf8) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.validate(text.utf8) }
    }

    @Test("finds a duplicate among many names, and takes many different ones")
    func manyNames() throws {
        let members = (0..<300).map { "\"n\($0)\":{\"n\($0)\":0}" }
        let text = "{" + members.joined(separator: ",")
        #expect(try JSONReader.parse((text + "}").utf8).objectValue?.count == 300)
        for repeated in [0, 15, 16, 17, 299] {
            #expect(throws: JSONSyntaxError.self) { try JSONReader.parse((text + ",\"\\u006E\(repeated)\":0}").utf8) }
        }
    }

    @Test("the same name may stand in neighbouring and nested objects")
    func sameNamesElsewhere() throws {
        try JSONReader.validate(#"[{"a":{"a":{"b":1},"b":2}},{"a":1}]"#.utf8)
    }

    @Test("takes 64 levels and refuses 65", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depth(open: String, close: String) throws {
        func nested(_ levels: Int) -> String {
            String(repeating: open, count: levels) + (open == "[" ? "" : "0") + String(repeating: close, count: levels)
        }
        _ = try JSONReader.parse(nested(64).utf8)
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(nested(65).utf8) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(nested(2).utf8, maxDepth: 1) }
        // Levels that are closed do not count.
        _ = try JSONReader.parse("[\(nested(63)),\(nested(63))]".utf8)
    }

    @Test("a hostile depth does not exhaust the stack")
    func hostileDepth() {
        #expect(throws: JSONSyntaxError.self) {
            try JSONReader.parse([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        }
    }

    @Test("bounds the digits of a number")
    func longNumbers() throws {
        let digits = String(repeating: "9", count: 400)
        #expect(try JSONReader.parse(digits.utf8) == .number(digits))
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse((digits + "9").utf8) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(("0." + digits).utf8) }
    }

    @Test("names the place of the error and none of the text")
    func errorPlace() {
        #expect(throws: JSONSyntaxError(offset: 5, reason: "expected ':'")) { try JSONReader.parse(#"{"a" 1}"#.utf8) }
    }
}
