import Testing
import XinglinCrypto
import XinglinKit
import XinglinTesting

@testable import XinglinHost

@Suite("Importing from files")
struct ImportFileTests {
    /// Uploads a file and begins its import.
    private static func begin(
        _ roster: Roster, _ csv: String, name: String = "roster.csv", by client: TestClient? = nil
    ) async throws -> JSONValue {
        let cabinet = FileCabinet(host: roster.host, nurse: client ?? roster.nurse)
        let file = try await cabinet.put(Array(csv.utf8), name: name)
        return try await cabinet.nurse.call("imports.begin", ["kind": Roster.kind, "fileId": file])
    }

    private static func checked(_ roster: Roster, _ id: JSONValue) async throws -> JSONValue {
        try await roster.reaches(id) { $0["state"] != "open" }
    }

    @Test("the host reads and checks the file by itself, with the same faults as lines that are uploaded")
    func sameFaults() async throws {
        let roster = try await Roster.open()
        let body = "a,1\r\n,x\r\n\r\nb,1,2\r\nc\"d,1\r\na,2"
        let begun = try await Self.begin(roster, "\u{FEFF}姓名, 数量 \r\n" + body)
        #expect(begun["state"] == "open" && begun["nextLine"] == 1 && begun["resumed"] == false)
        let id = try #require(begun["importId"])
        let state = try await Self.checked(roster, id)
        #expect(state["state"] == "checked" && state["name"] == "roster.csv" && state["fileId"] != nil)
        #expect(state["lines"] == 6 && state["good"] == 1 && state["faulty"] == 4 && state["blank"] == 1)
        let uploaded = try await roster.upload(body + "\r\n", header: "姓名, 数量 ")
        #expect(try await roster.faults(id) == roster.faults(uploaded))
        #expect(try await roster.apply(id, "goodLines")["applied"] == 1)
        #expect(try roster.names() == ["a"])
    }

    @Test("a long file is read in parts and each line is there once, also after the reader was cut off in between")
    func parts() async throws {
        let roster = try await Roster.open()
        let csv = "name,amount\n" + (1...4500).map { "n\($0)-\(String(repeating: "x", count: 60)),\($0)\n" }.joined()
        let begun = try await Self.begin(roster, csv)
        let id = try #require(begun["importId"])
        for _ in 0..<3 {
            // As if its server had gone: what was not committed is done again.
            try roster.host.script(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xinglin import files'"
            )
            try await Task.sleep(for: .milliseconds(50))
        }
        let state = try await roster.reaches(id) { $0["state"] != "open" }
        #expect(state["state"] == "checked" && state["lines"] == 4500 && state["good"] == 4500)
        #expect(try await roster.apply(id, "goodLines")["applied"] == 4500)
        #expect(try roster.host.sql("SELECT count(*), count(DISTINCT name) FROM roster.entry") == [["4500", "4500"]])
    }

    @Test(
        "a file that cannot be read to its end is given up with the line and the reason, and nothing of it is kept",
        arguments: [
            ("name,amount\na,1\n\"b,2\nc,3\n", 2, "quotation mark"),
            ("name,amount\na,1\nb,2\n\u{FFFD},3\n", 0, "UTF-8"),
        ])
    func unreadable(csv: String, line: Int, text: String) async throws {
        let roster = try await Roster.open()
        let id = try #require(try await Self.begin(roster, csv)["importId"])
        let state = try await Self.checked(roster, id)
        #expect(state["state"] == "cancelled" && state["reason"] == "host.importFileMalformed")
        let faults = try await roster.faults(id)
        #expect(
            faults.last?["line"] == .integer(Int64(line)) && faults.last?["textEn"]?.stringValue?.contains(text) == true
        )
        #expect(try roster.staged() == [["0", "0"]])
        #expect(
            try await roster.refusal("imports.apply", ["importId": id, "mode": "goodLines"]).reason
                == "host.importState")
    }

    @Test("bytes that are no UTF-8 are told with their line")
    func encoding() async throws {
        let roster = try await Roster.open()
        let cabinet = FileCabinet(host: roster.host, nurse: roster.nurse)
        let bytes = Array("姓名,数量\na,1\n".utf8) + [0xD5, 0xC5, 0xC8, 0xFD] + Array(",2\n".utf8)
        let file = try await cabinet.put(bytes)
        let id = try #require(
            try await roster.nurse.call("imports.begin", ["kind": Roster.kind, "fileId": file])["importId"])
        let state = try await Self.checked(roster, id)
        #expect(state["state"] == "cancelled" && state["reason"] == "host.importFileMalformed")
        #expect(try await roster.faults(id).last?["line"] == 2)
    }

    @Test("what does not fit is refused when it is begun: no file, no header, somebody else's file, both ways at once")
    func edges() async throws {
        let roster = try await Roster.open()
        let cabinet = FileCabinet(host: roster.host, nurse: roster.nurse)
        func refused(_ more: JSONValue) async throws -> CallRefused {
            var params = more.objectValue ?? [:]
            params["kind"] = Roster.kind
            return try await roster.refusal("imports.begin", .object(params))
        }
        #expect(try await refused(["header": "name"]).details?[0]?["pointer"] == "/name")
        #expect(try await refused(["name": "a"]).details?[0]?["pointer"] == "/header")
        let file = try await cabinet.put(Array("name,amount\n".utf8))
        #expect(try await refused(["fileId": file, "header": "name"]).details?[0]?["pointer"] == "/header")
        let digest = JSONValue.string(String(repeating: "0", count: 64))
        #expect(try await refused(["fileId": file, "sm3": digest]).details?[0]?["pointer"] == "/sm3")
        let open = try await cabinet.begin([1, 2, 3])
        #expect(try await refused(["fileId": open]).reason == "host.fileState")
        let empty = try await cabinet.put([], name: "empty")
        #expect(try await refused(["fileId": empty]).reason == "host.importFileMalformed")
        let unknown = try await cabinet.put(Array("nom,montant\n".utf8), name: "french")
        let header = try await refused(["fileId": unknown])
        #expect(header.reason == "host.importFileMalformed" && header.details?["line"] == 0)
        let other = try await roster.host.client(role: .nurse, site: "t1")
        let theirs = await refusal { try await other.call("imports.begin", ["kind": Roster.kind, "fileId": file]) }
        #expect(theirs?.reason == "host.notFound")
    }

    @Test("begun again it is the same import; applied, it is known; a file that is being read is not deleted")
    func repetition() async throws {
        let roster = try await Roster.open()
        let csv = "name,amount\n" + (1...3000).map { "n\($0),1\n" }.joined()
        // Nobody reads for the moment.
        let held = try roster.host.hold("LOCK TABLE host.import_chunk")
        let cabinet = FileCabinet(host: roster.host, nurse: roster.nurse)
        let file = try await cabinet.put(Array(csv.utf8))
        let first = try await roster.nurse.call("imports.begin", ["kind": Roster.kind, "fileId": file])
        let id = try #require(first["importId"])
        let again = try await roster.nurse.call("imports.begin", ["kind": Roster.kind, "fileId": file])
        #expect(again["importId"] == id && again["resumed"] == true)
        let deleting = try await cabinet.refusal("files.delete", ["fileId": file])
        #expect(
            deleting.reason == "host.fileReferenced" && deleting.details == [["module": "host", "purpose": "import"]])
        var appending: CallRefused
        repeat {
            appending = try await roster.refusal("imports.append", ["importId": id, "fromLine": 1, "csv": "a,1\n"])
        } while appending.retryable
        #expect(appending.reason == "host.importState")
        try held.release()
        #expect(try await Self.checked(roster, id)["good"] == 3000)
        #expect(try await roster.apply(id, "allOrNothing")["state"] == "applied")
        let known = try await roster.refusal("imports.begin", ["kind": Roster.kind, "fileId": file])
        #expect(known.reason == "host.importDone")
        #expect(try await roster.nurse.call("files.delete", ["fileId": file])["deleted"] == true)
    }

    @Test("a cancelled import lets its file go")
    func cancelled() async throws {
        let roster = try await Roster.open()
        let held = try roster.host.hold("LOCK TABLE host.import_chunk")
        let cabinet = FileCabinet(host: roster.host, nurse: roster.nurse)
        let file = try await cabinet.put(Array("name,amount\na,1\n".utf8))
        let begun = try await roster.nurse.call("imports.begin", ["kind": Roster.kind, "fileId": file])
        try held.release()
        let id = try #require(begun["importId"])
        _ = try await Self.checked(roster, id)
        try await roster.nurse.call("imports.cancel", ["importId": id])
        #expect(try await cabinet.nurse.call("files.delete", ["fileId": file])["deleted"] == true)
    }

    @Test("the faults come as a file too, in the caller's language, without any value")
    func faultsFile() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload("a,1\n,x\nsecret,y\n")
        let reply = try await roster.nurse.call("imports.faultsFile", ["importId": id])
        #expect(reply["faults"] == 3)
        let cabinet = FileCabinet(host: roster.host, nurse: roster.nurse)
        let bytes = try await cabinet.whole(try #require(reply["fileId"]))
        let records = try CSVReader.records(String(decoding: bytes, as: UTF8.self))
        #expect(records[0].fields == ["line", "column", "code", "fault", "found by"])
        #expect(records[1].fields == ["2", "Name", "name", "must not be empty", "check"])
        #expect(records.count == 4 && !String(decoding: bytes, as: UTF8.self).contains("secret"))
        let far = try await roster.host.client(role: .nurse, site: "t2")
        let refused = await refusal { try await far.call("imports.faultsFile", ["importId": id]) }
        #expect(refused?.reason == "host.notFound")
    }
}
