import Foundation
import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinHost

@Suite("Files as Chinese spreadsheets write them")
struct ImportFormTests {
    /// 张三 and 李四, 䶮 of four bytes, and a rare character beyond the plane of most.
    private static let gb: [String: [UInt8]] = [
        "张三": [0xD5, 0xC5, 0xC8, 0xFD], "李四": [0xC0, 0xEE, 0xCB, 0xC4], "䶮": [0xFE, 0x9F],
        "𠀀": [0x95, 0x32, 0x82, 0x36],
    ]
    /// 姓名 and 数量.
    private static let header: [[UInt8]] = [[0xD0, 0xD5, 0xC3, 0xFB], [0xCA, 0xFD, 0xC1, 0xBF]]

    private static func begin(_ roster: Roster, _ bytes: [UInt8], name: String = "roster.csv") async throws -> JSONValue
    {
        let cabinet = FileCabinet(host: roster.host, nurse: roster.nurse)
        let file = try await cabinet.put(bytes, name: name)
        return try await roster.nurse.call("imports.begin", ["kind": Roster.kind, "fileId": file])
    }

    private static func checked(_ roster: Roster, _ bytes: [UInt8]) async throws -> JSONValue {
        let id = try #require(try await Self.begin(roster, bytes)["importId"])
        return try await roster.reaches(id) { $0["state"] != "open" }
    }

    private static func lastFault(_ roster: Roster, _ state: JSONValue) async throws -> JSONValue {
        try #require(try await roster.faults(state["importId"] ?? .null).last)
    }

    /// A file in GB 18030 with these names, parted by a delimiter.
    private static func file(_ names: [String], _ delimiter: FieldDelimiter = .comma) -> [UInt8] {
        var bytes = Self.header[0] + [delimiter.byte] + Self.header[1] + [13, 10]
        for (number, name) in names.enumerated() {
            bytes += [0x22] + (Self.gb[name] ?? Array(name.utf8)) + [0x22, delimiter.byte]
            bytes += Array("\(number)\r\n".utf8)
        }
        return bytes
    }

    @Test(
        "GB 18030 parted by commas, tabs or semicolons is read, and the preview says so",
        arguments: FieldDelimiter.allCases)
    func read(delimiter: FieldDelimiter) async throws {
        let roster = try await Roster.open()
        let names = ["张三", "李四", "䶮", "𠀀", "a,b\tc;d"]
        let state = try await Self.checked(roster, Self.file(names, delimiter))
        #expect(state["encoding"] == "GB18030" && state["delimiter"] == .string(delimiter.rawValue))
        #expect(state["state"] == "checked" && state["good"] == 5)
        #expect(try await roster.apply(try #require(state["importId"]), "goodLines")["applied"] == 5)
        #expect(Set(try roster.names()) == Set(names))
    }

    @Test("UTF-8 with and without a byte order mark, and plain ASCII, are told apart")
    func told() async throws {
        let roster = try await Roster.open()
        let marked = try await Self.checked(roster, Array("\u{FEFF}姓名;数量\r\n王五;1\r\n".utf8))
        #expect(marked["encoding"] == "UTF-8" && marked["delimiter"] == "semicolon" && marked["good"] == 1)
        let plain = try await Self.checked(roster, Array("name\tamount\na\t1\n".utf8))
        #expect(plain["encoding"] == nil && plain["delimiter"] == "tab" && plain["good"] == 1)
        let uploaded = try await roster.nurse.call(
            "imports.begin", ["kind": Roster.kind, "name": "a.txt", "header": "name\tamount"])
        let id = try #require(uploaded["importId"])
        try await roster.append(id, "\"b,c\"\t7\n")
        let state = try await roster.nurse.call("imports.finish", ["importId": id, "lines": 1])
        #expect(state["delimiter"] == "tab" && state["encoding"] == "UTF-8" && state["good"] == 1)
    }

    @Test("where Chinese comes only far behind a header of codes, the file is still read as what it is")
    func late() async throws {
        let roster = try await Roster.open()
        var bytes = Array("name,amount\n".utf8)
        for number in 0..<9000 { bytes += Array("n\(number)-\(String(repeating: "x", count: 40)),1\n".utf8) }
        bytes += (Self.gb["张三"] ?? []) + Array(",1\n".utf8)
        let state = try await Self.checked(roster, bytes)
        #expect(state["state"] == "checked" && state["encoding"] == "GB18030" && state["good"] == 9001)
        #expect(try await roster.apply(try #require(state["importId"]), "allOrNothing")["applied"] == 9001)
        #expect(try roster.names().contains("张三"))
    }

    @Test("bytes that are no character are told with line and field")
    func damaged() async throws {
        let roster = try await Roster.open()
        // A first half without its second one.
        var bytes = Self.file(["张三", "李四"]) + Array("\"x\",".utf8) + [0xC1, 13, 10] + Array("y,1\r\n".utf8)
        var state = try await Self.checked(roster, bytes)
        #expect(state["state"] == "cancelled" && state["reason"] == "host.importFileMalformed")
        var fault = try await Self.lastFault(roster, state)
        #expect(fault["line"] == 3 && fault["field"] == "amount" && fault["columnZh"] == "数量")
        #expect(fault["textZh"]?.stringValue?.contains("GB18030") == true)
        bytes = Array("姓名,数量\n王五,1\n".utf8) + (Self.gb["张三"] ?? []) + Array(",2\n".utf8)
        state = try await Self.checked(roster, bytes)
        fault = try await Self.lastFault(roster, state)
        #expect(
            fault["line"] == 2 && fault["field"] == "name" && fault["textEn"]?.stringValue?.contains("UTF-8") == true)
    }

    @Test(
        "a workbook and UTF-16 are refused with what to do",
        arguments: [
            (Array("PK\u{3}\u{4}\u{14}".utf8), "xlsx"), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "xlsx"),
            ([0xFF, 0xFE, 0x0D, 0x59], "UTF-16"),
        ] as [([UInt8], String)])
    func unfit(bytes: [UInt8], named: String) async throws {
        let roster = try await Roster.open()
        let refused = await refusal { _ = try await Self.begin(roster, bytes + [0, 0, 10, 0], name: "roster.xlsx") }
        #expect(refused?.reason == "host.importFileMalformed")
        for language in ["textZh", "textEn"] {
            let text = refused?.details?[language]?.stringValue ?? ""
            #expect(text.contains(named) && text.contains("CSV UTF-8"), "\(text)")
        }
    }

    @Test("a file cut at any byte between two parts reads as in one")
    func cut() throws {
        let names = ["张三", "a\"\"b", "李四", "x\r\ny", "䶮", "𠀀", "end"]
        for delimiter in FieldDelimiter.allCases {
            let bytes = Self.file(names, delimiter)
            let form = try ImportForm(of: bytes, isEnd: true)
            #expect(form == ImportForm(encoding: .gb18030, delimiter: delimiter))
            let whole = try #require(try ImportFileText.take(bytes, firstLine: 0, isEnd: true, form)).text
            let expected = try CSVReader.records(whole, delimiter)
            #expect(expected.count == names.count + 1)
            for cut in 1..<bytes.count {
                var text = ""
                var offset = 0
                // What is at hand grows where it holds no whole line, as the reader does.
                var end = cut
                while offset < bytes.count {
                    let isEnd = end == bytes.count
                    let part = Array(bytes[offset..<end])
                    if let taken = try ImportFileText.take(part, firstLine: 0, isEnd: isEnd, form) {
                        text += taken.text
                        offset += taken.bytes
                    }
                    end = bytes.count
                }
                #expect(try CSVReader.records(text, delimiter) == expected, "cut at \(cut)")
            }
        }
    }

    @Test("GB 18030 is read as Python writes it, and half a character is none")
    func decodes() throws {
        for (text, bytes) in Self.gb {
            #expect(try GB18030.text(bytes) == text)
            #expect(try GB18030.text(Array(bytes.dropLast())) == nil)
        }
        #expect(try GB18030.text([0x80]) == nil && GB18030.text([0xFF]) == nil && GB18030.text([]) == "")
        #expect(try GB18030.text([0x80, 0x30]) == nil)
    }

    @Test("the same line twice is told also where one of them, or both, has another fault")
    func twins() async throws {
        let roster = try await Roster.open()
        // Pieces of ten lines: the second of each pair lies in a later one.
        var lines = (1...40).map { "n\($0),1" }
        lines[2] = "far,x"
        lines[33] = "far,1"
        lines[4] = "near,x"
        lines[6] = "near,1"
        lines[8] = "n1,x"
        lines[11] = "both,x"
        lines[28] = "both,x"
        let id = try await roster.upload(lines.joined(separator: "\n") + "\n")
        let found = try await roster.faults(id).map {
            "\($0["line"]?.integerValue ?? 0) \($0["textEn"]?.stringValue ?? "")"
        }
        let integer = "must be an integer"
        #expect(
            found == [
                "3 \(integer)", "5 \(integer)", "7 the same as line 5", "9 \(integer)", "9 the same as line 1",
                "12 \(integer)", "29 \(integer)", "29 the same as line 12", "34 the same as line 3",
            ])
    }
}
