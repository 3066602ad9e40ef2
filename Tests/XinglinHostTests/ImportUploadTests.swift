import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Uploading files to import")
struct ImportUploadTests {
    @Test("the kinds are those of the caller's roles, with a header to start from")
    func kinds() async throws {
        let roster = try await Roster.open()
        let kinds = try await roster.nurse.call("imports.kinds")["kinds"]?.arrayValue ?? []
        #expect(kinds.map { $0["kind"] } == [Roster.kind])
        #expect(kinds.first?["headerZh"] == "姓名,数量")
        #expect(kinds.first?["headerEn"] == "name,amount")
        let doctor = try await roster.host.client(role: .doctor, site: "t1")
        #expect(try await doctor.call("imports.kinds")["kinds"] == [])
    }

    @Test("faults name line, field and column in both languages, and never repeat a value")
    func faults() async throws {
        let roster = try await Roster.open()
        let csv = "a,1\r\n,x\r\n\r\nb,1,2\r\nc\"d,1\r\na,2\r\n"
        let id = try await roster.upload(csv, header: "姓名, 数量 ")
        let state = try await roster.nurse.call("imports.get", ["importId": id])
        #expect(state["state"] == "checked")
        #expect(state["lines"] == 6 && state["good"] == 1 && state["faulty"] == 4 && state["blank"] == 1)
        let faults = try await roster.faults(id)
        #expect(faults.map { $0["line"]?.integerValue } == [2, 2, 4, 5, 6])
        #expect(
            faults[0]["field"] == "name" && faults[0]["columnZh"] == "姓名" && faults[0]["textEn"] == "must not be empty")
        #expect(faults[1]["columnEn"] == "Amount" && faults[1]["textZh"] == "须为整数")
        #expect(faults[2]["textEn"] == "the line has 3 fields, the header 2" && faults[2]["field"] == nil)
        #expect(faults[4]["textZh"] == "与第 1 行重复" && faults[4]["textEn"] == "the same as line 1")
        #expect(faults.allSatisfy { $0["stage"] == "check" })
        let page = try await roster.nurse.call("imports.faults", ["importId": id, "limit": 2])
        let next = try #require(page["next"])
        let rest = try await roster.nurse.call("imports.faults", ["importId": id, "after": next])
        #expect(rest["faults"]?.arrayValue?.count == 3)
    }

    @Test("what comes twice in one file is faulty in a later piece too")
    func duplicatesAcrossPieces() async throws {
        let roster = try await Roster.open()
        let id = try await roster.begin()
        try await roster.append(id, (1...25).map { "n\($0),1\n" }.joined())
        let reply = try await roster.append(id, "new,1\nn7,1\nnew,2\n", from: 26)
        #expect(reply["good"] == 26 && reply["faulty"] == 2 && reply["nextLine"] == 29)
        let texts = try await roster.faults(id).map { $0["textEn"]?.stringValue }
        #expect(texts == ["the same as line 7", "the same as line 26"])
    }

    @Test(
        "a piece sent again changes nothing; a gap is refused with the line to go on at; a short file cannot be finished"
    )
    func pieces() async throws {
        let roster = try await Roster.open()
        let id = try await roster.begin()
        let first = try await roster.append(id, "a,1\nb,1\n")
        #expect(try await roster.append(id, "a,1\nb,1\n") == first)
        #expect(try await roster.append(id, "b,1\nc,1\n", from: 2)["nextLine"] == 3)
        let gap = try await roster.refusal(
            "imports.append", ["importId": id, "fromLine": 5, "csv": "e,1\n"])
        #expect(gap.reason == "host.importOutOfOrder" && gap.details == ["nextLine": 3])
        let short = try await roster.refusal("imports.finish", ["importId": id, "lines": 4])
        #expect(short.reason == "host.importOutOfOrder")
        try await roster.nurse.call("imports.finish", ["importId": id, "lines": 2])
        let late = try await roster.refusal(
            "imports.append", ["importId": id, "fromLine": 3, "csv": "c,1\n"])
        #expect(late.reason == "host.importState" && late.details == ["state": "checked"])
    }

    @Test("the same file begun again goes on where it stopped; another account's is its own")
    func resume() async throws {
        let roster = try await Roster.open()
        let sm3 = String(repeating: "ab", count: 32)
        let id = try await roster.begin(sm3: sm3)
        try await roster.append(id, "a,1\nb,1\n")
        let params: JSONValue = [
            "kind": Roster.kind, "name": "roster.csv", "header": "name,amount", "sm3": .string(sm3),
        ]
        let again = try await roster.nurse.call("imports.begin", params)
        #expect(
            again["importId"] == id && again["nextLine"] == 3 && again["resumed"] == true && again["state"] == "open")
        let other = try await roster.host.client(role: .nurse, site: "t1")
        let own = try await other.call("imports.begin", params)
        #expect(own["importId"] != id && own["nextLine"] == 1)
        let foreign = try await roster.refusal(
            "imports.append", ["importId": id, "fromLine": 3, "csv": "c,1\n"], by: other)
        #expect(foreign.reason == "host.forbidden")
        _ = try await roster.upload("z,1\n")
        #expect(try await roster.begin() != roster.begin(), "without a digest nothing is resumed")
    }

    @Test("a file that was imported before is refused until it is asked for again")
    func importedBefore() async throws {
        let roster = try await Roster.open()
        let sm3 = String(repeating: "0f", count: 32)
        let id = try await roster.begin(sm3: sm3)
        try await roster.append(id, "a,1\n")
        try await roster.nurse.call("imports.finish", ["importId": id, "lines": 1])
        #expect(try await roster.apply(id, "allOrNothing")["state"] == "applied")
        var params: [String: JSONValue] = [
            "kind": Roster.kind, "name": "other.csv", "header": "name,amount", "sm3": .string(sm3),
        ]
        let refused = try await roster.refusal("imports.begin", .object(params))
        #expect(refused.reason == "host.importDone" && refused.details?["importId"] == id)
        params["again"] = true
        #expect(try await roster.nurse.call("imports.begin", .object(params))["nextLine"] == 1)
    }

    @Test(
        "a header that does not fit is refused without repeating it",
        arguments: [
            ("amount", "lacks required columns: name"), ("name,name", "column 2 of the header stands there twice"),
            ("张三,1", "column 1 of the header is not known"), ("name\namount\n", "one line"),
            ("name,\u{FFFD}", "not UTF-8"), ("\"name", "never closed"),
        ])
    func header(text: String, expected: String) async throws {
        let roster = try await Roster.open()
        let refused = try await roster.refusal(
            "imports.begin", ["kind": Roster.kind, "name": "a.csv", "header": .string(text)])
        #expect(refused.reason == "host.importFileMalformed")
        #expect(refused.details?["textEn"]?.stringValue?.contains(expected) == true)
        #expect(refused.details?["textZh"]?.stringValue?.contains("张三") == false)
        #expect(refused.details?["line"] == 0 || refused.details?["line"] == nil)
    }

    @Test("a piece that was not UTF-8, or ends within a line, is refused with its line and keeps nothing")
    func malformedPieces() async throws {
        let roster = try await Roster.open()
        let id = try await roster.begin()
        try await roster.append(id, "a,1\n")
        let open = try await roster.refusal(
            "imports.append", ["importId": id, "fromLine": 2, "csv": "b,1\n\"c,1\n"])
        #expect(open.reason == "host.importFileMalformed" && open.details?["line"] == 3)
        let encoding = try await roster.refusal(
            "imports.append", ["importId": id, "fromLine": 2, "csv": "\u{FFFD},1\n"])
        #expect(encoding.details?["textZh"]?.stringValue?.contains("UTF-8") == true)
        #expect(try await roster.nurse.call("imports.get", ["importId": id])["lines"] == 1)
    }

    @Test("a check may not write, and where it fails nothing of the piece is kept", arguments: ["write", "boom"])
    func checkFails(name: String) async throws {
        let roster = try await Roster.open()
        let id = try await roster.begin()
        let csv = (1...15).map { "n\($0),1\n" }.joined() + "\(name),1\n"
        let refused = try await roster.refusal(
            "imports.append", ["importId": id, "fromLine": 1, "csv": .string(csv)])
        #expect(refused.reason == "host.internal")
        #expect(try await roster.nurse.call("imports.get", ["importId": id])["lines"] == 0)
        #expect(try roster.staged() == [["0", "0"]])
    }

    @Test("what is staged is not readable in the database")
    func sealed() async throws {
        let roster = try await Roster.open()
        _ = try await roster.upload("zhangsan-13800000000,1\n")
        let found = try roster.host.sql(
            "SELECT count(*) FROM host.import_chunk WHERE position('zhangsan'::bytea IN content) > 0")
        #expect(found == [["0"]])
        #expect(try roster.host.sql("SELECT count(*) FROM host.import_chunk") == [["1"]])
    }
}
