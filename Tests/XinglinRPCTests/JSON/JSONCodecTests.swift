import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("Codable values and JSON")
struct JSONCodecTests {
    struct Line: Codable, Equatable {
        var pieceCode: String
        var quantityMg: Int64
        var note: String?
    }

    enum Choice: Codable, Equatable {
        case none
        case dose(mg: Int, name: String)
    }

    struct Everything: Codable, Equatable {
        var text = "麻黄 \"\n"
        var flag = true
        var small: Int8 = -128
        var wide = UInt64.max
        var int = Int.min
        var unsigned: UInt32 = 7
        var half = 0.5
        var float: Float = -2
        var missing: Int?
        var present: Int? = 3
        var lines = [Line(pieceCode: "P1", quantityMg: 9_007_199_254_740_993)]
        var none: [String] = []
        var nested = ["a": [1, 2], "麻": []]
        var choices = [Choice.none, .dose(mg: 3, name: "x")]
        var optionals: [Int?] = [nil, 1]
        var any: JSONValue = ["k": [1, nil, .number("1.50")]]
        var date = LocalDate(year: 2026, month: 11, day: 22)
        var at = Timestamp(microseconds: 1_763_000_000_123_456)
        var id = RecordID(high: 0x0198_F3A2_0000_7000, low: 0x8000_0000_0000_0001)
        var role = Role.pharmacist
    }

    @Test("a value of every type is equal after encoding and decoding")
    func roundTrip() throws {
        let value = Everything()
        let tree = try JSONCodec.tree(of: value)
        #expect(try JSONCodec.decode(Everything.self, from: tree) == value)
        #expect(tree["missing"] == nil)
        #expect(tree["wide"] == .number("18446744073709551615"))
        #expect(tree["any"]?["k"]?[2] == .number("1.50"))
        #expect(tree["lines"] == [["pieceCode": "P1", "quantityMg": 9_007_199_254_740_993]])
    }

    @Test("members stand in the order in which they are encoded")
    func order() throws {
        let line = Line(pieceCode: "é", quantityMg: 1, note: nil)
        #expect(try text(line) == #"{"pieceCode":"é","quantityMg":1}"#)
        #expect(try text([line, line]).hasPrefix(#"[{"pieceCode":"é","quantityMg":1},{"#))
        #expect(try text([[1], [], [2, 3]]) == "[[1],[],[2,3]]")
        #expect(try text(Choice.none) == #"{"none":{}}"#)
        #expect(try text("x") == #""x""#)
        #expect(try text(Int?.none) == "null")
        #expect(try text(Empty()) == "{}")
        #expect(try text([Empty()]) == "[{}]")
    }

    @Test("rows that are JSON already are spliced in")
    func spliced() throws {
        struct Reply: Codable {
            var lots: RowList<Line>
            var next: String?
        }
        #expect(try text(Reply(lots: .json(Array("[1,2]".utf8)), next: "n")) == #"{"lots":[1,2],"next":"n"}"#)
        #expect(try text(Reply(lots: .elements([]))) == #"{"lots":[]}"#)
    }

    @Test("numbers that JSON does not have are refused", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(number: Double) {
        #expect(throws: EncodingError.self) { try JSONCodec.encode(number) }
        #expect(throws: EncodingError.self) { try JSONCodec.encode(["a": [Float(number)]]) }
    }

    @Test("values in the wrong order are refused rather than written badly")
    func disorder() {
        struct Twice: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(1)
                try container.encode(2)
            }
        }
        struct Late: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: PlaceKey.self)
                var inner = outer.nestedUnkeyedContainer(forKey: PlaceKey(stringValue: "a"))
                try outer.encode(1, forKey: PlaceKey(stringValue: "b"))
                try inner.encode(2)
            }
        }
        struct TwoKinds: Encodable {
            func encode(to encoder: any Encoder) throws {
                _ = encoder.unkeyedContainer()
                _ = encoder.container(keyedBy: PlaceKey.self)
            }
        }
        #expect(throws: EncodingError.self) { try JSONCodec.encode(Twice()) }
        #expect(throws: EncodingError.self) { try JSONCodec.encode([Late()]) }
        #expect(throws: EncodingError.self) { try JSONCodec.encode(TwoKinds()) }
    }

    @Test("two parts of one value may write to the same object, and a superclass to its own")
    func sharedObject() throws {
        struct Flat: Encodable {
            func encode(to encoder: any Encoder) throws {
                try Line(pieceCode: "P", quantityMg: 1).encode(to: encoder)
                var more = encoder.container(keyedBy: PlaceKey.self)
                try more.encode(true, forKey: PlaceKey(stringValue: "more"))
                try [1].encode(to: more.superEncoder())
            }
        }
        #expect(try text([Flat()]) == #"[{"pieceCode":"P","quantityMg":1,"more":true,"super":[1]}]"#)
    }

    @Test("integers are read exactly or not at all")
    func exactIntegers() throws {
        #expect(try JSONCodec.decode(UInt8.self, from: 255) == 255)
        #expect(try JSONCodec.decode(Double.self, from: 3) == 3)
        #expect(throws: DecodingError.self) { try JSONCodec.decode(UInt8.self, from: 256) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(UInt.self, from: -1) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Int.self, from: .number("1.0")) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Int.self, from: .number("9223372036854775808")) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Int.self, from: "1") }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Bool.self, from: 1) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Double.self, from: .number("1e999")) }
    }

    @Test("an error says where it is")
    func errorPath() {
        struct Order: Decodable {
            var lines: [Line]
        }
        let tree: JSONValue = ["lines": [["pieceCode": "P", "quantityMg": 1], ["pieceCode": "P", "quantityMg": "1"]]]
        do {
            _ = try JSONCodec.decode(Order.self, from: tree)
            Issue.record("it was decoded")
        } catch DecodingError.typeMismatch(_, let context) {
            #expect(context.codingPath.map(\.stringValue) == ["lines", "1", "quantityMg"])
        } catch {
            Issue.record("another error: \(error)")
        }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Line.self, from: ["pieceCode": "P"]) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode(Line.self, from: []) }
        #expect(throws: DecodingError.self) { try JSONCodec.decode([Int].self, from: [:]) }
    }

    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONCodec.encode(value), as: UTF8.self)
    }
}
