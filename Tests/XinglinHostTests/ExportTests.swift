import Testing
import XinglinCrypto
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("Exporting records as files")
struct ExportTests {
    private static func papers(_ cabinet: FileCabinet, _ count: Int) throws {
        try cabinet.host.script(
            """
            INSERT INTO folder.paper
            SELECT gen_random_uuid(), site_id, gen_random_uuid(), 'paper "' || n || '", of ' || code
            FROM host.site, generate_series(1, \(count)) AS n WHERE code IN ('t1', 't2')
            """)
    }

    /// Has an export made and waits for its end.
    private static func export(
        _ cabinet: FileCabinet, _ params: JSONValue, by client: TestClient? = nil
    ) async throws -> JSONValue {
        let client = client ?? cabinet.nurse
        let id = try #require(try await client.call("exports.begin", params)["exportId"])
        return try await Self.ended(id, client)
    }

    private static func ended(_ id: JSONValue, _ client: TestClient) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let state = try await client.call("exports.get", ["exportId": id])
            if state["state"] != "running" { return state }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the export did not end")
        return .null
    }

    @Test("the lines of the site, page by page, with a header, as UTF-8 that spreadsheets open, and with their SM3")
    func lines() async throws {
        let cabinet = try await FileCabinet.open()
        try Self.papers(cabinet, 25)
        let done = try await Self.export(cabinet, ["kind": "folder.papers"])
        #expect(done["state"] == "done" && done["lines"] == 25)
        let id = try #require(done["fileId"])
        let bytes = try await cabinet.whole(id)
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let records = try CSVReader.records(String(decoding: bytes, as: UTF8.self))
        #expect(records[0].fields == ["Title", "Note"])
        let titles = records.dropFirst().map { $0.fields[0] }
        #expect(Set(titles) == Set((1...25).map { "paper \"\($0)\", of t1" }) && titles.count == 25)
        let file = try await cabinet.nurse.call("files.get", ["fileId": id])
        #expect(file["sm3"] == .string(try SM3.hex(bytes)) && file["mediaType"] == "text/csv; charset=utf-8")
        let notes = try cabinet.host.sql(
            """
            SELECT notes::json->>'kind', notes::json->>'lines', notes::json->>'basis' FROM host.audit
            WHERE method = 'exports.begin' ORDER BY seq
            """)
        #expect(notes == [["folder.papers", nil, nil], ["folder.papers", "25", nil]])
        #expect(try cabinet.stored()[0][1] == "1")
    }

    @Test("the kind's own params are checked at the edge, and used")
    func params() async throws {
        let cabinet = try await FileCabinet.open()
        try Self.papers(cabinet, 12)
        let done = try await Self.export(cabinet, ["kind": "folder.papers", "params": ["prefix": "paper \"1"]])
        #expect(done["lines"] == 4)
        let wrong = try await cabinet.refusal(
            "exports.begin", ["kind": "folder.papers", "params": ["prefix": "", "more": 1]])
        #expect(wrong.reason == "host.invalidParams")
        #expect(wrong.details?.arrayValue?.map { $0["pointer"] } == ["/params/prefix", "/params/more"])
        let text = try await cabinet.refusal("exports.begin", ["kind": "folder.papers", "params": "x"])
        #expect(text.details?[0]?["pointer"] == "/params")
        let unknown = try await cabinet.refusal("exports.begin", ["kind": "folder.nothing"])
        #expect(unknown.details?[0]?["expected"]?.stringValue?.contains("folder.papers") == true)
    }

    @Test("who may export is judged by the kind's roles; at another site it does not exist")
    func access() async throws {
        let cabinet = try await FileCabinet.open()
        let done = try await Self.export(cabinet, ["kind": "folder.papers"])
        let doctor = try await cabinet.host.client(role: .doctor, site: "t1")
        let far = try await cabinet.host.client(role: .nurse, site: "t2")
        let id = try #require(done["exportId"])
        #expect(
            try await cabinet.refusal("exports.begin", ["kind": "folder.papers"], by: doctor).reason == "host.forbidden"
        )
        #expect(try await cabinet.refusal("exports.get", ["exportId": id], by: doctor).reason == "host.forbidden")
        #expect(try await cabinet.refusal("exports.get", ["exportId": id], by: far).reason == "host.notFound")
        #expect(try await doctor.call("exports.kinds")["kinds"] == [])
        #expect(try await far.call("exports.list")["exports"] == [])
        #expect(try await cabinet.nurse.call("exports.list")["exports"]?.arrayValue?.count == 1)
        let kinds = try await cabinet.nurse.call("exports.kinds")["kinds"]?.arrayValue ?? []
        #expect(kinds.map { $0["kind"] } == ["folder.papers", "folder.secrets"])
        #expect(kinds.map { $0["personal"] } == [false, true] && kinds[0]["params"] == ["prefix"])
    }

    @Test("an export of personal data is audited with its basis and whom it shows, and so is each read of its file")
    func personal() async throws {
        let cabinet = try await FileCabinet.open()
        try Self.papers(cabinet, 3)
        let done = try await Self.export(cabinet, ["kind": "folder.secrets"])
        let id = try #require(done["fileId"])
        _ = try await cabinet.read(id, 0, 10)
        let rows = try cabinet.host.sql(
            """
            SELECT method, notes::json->>'basis', json_array_length(notes::json->'subjects') FROM host.audit
            WHERE method IN ('exports.begin', 'files.read') ORDER BY seq
            """)
        #expect(
            rows == [
                ["exports.begin", "archive", nil], ["exports.begin", "archive", "3"], ["files.read", "archive", "1"],
            ])
    }

    @Test("an export whose account has lost its rights, or for which there is no room, is refused and leaves no file")
    func refused() async throws {
        let cabinet = try await FileCabinet.open { $0.files.siteMegabytes = 1 }
        try cabinet.host.script(
            """
            INSERT INTO folder.paper SELECT gen_random_uuid(), site_id, gen_random_uuid(), repeat('x', 1000)
            FROM host.site, generate_series(1, 2000) WHERE code = 't1'
            """)
        let full = try await Self.export(cabinet, ["kind": "folder.papers"])
        #expect(full["state"] == "refused" && full["reason"] == "host.fileQuota" && full["fileId"] == nil)
        #expect(try cabinet.stored() == [["0", "0", "0", "0", "0"]])
        let doctor = try await cabinet.host.client(role: .doctor, site: "t1")
        try cabinet.host.script(
            """
            INSERT INTO host.export (export_id, site_id, account_id, kind, params, locale, state, created_at)
            SELECT gen_random_uuid(), site_id, account_id, 'folder.papers', '{}', 'en', 'running', now()
            FROM host.site, host.account WHERE code = 't1' AND account = '\(doctor.account)'
            """)
        cabinet.host.core.services.exportWorker.wake()
        let ids = try cabinet.host.sql(
            "SELECT export_id FROM host.export JOIN host.account USING (account_id) WHERE account = '\(doctor.account)'"
        )
        let id = try #require(ids[0][0])
        let state = try await Self.ended(.string(id), cabinet.nurse)
        #expect(state["state"] == "refused" && state["reason"] == "host.forbidden")
    }

    @Test("every page sees the records as of one moment, and an export that was broken off is made anew")
    func brokenOff() async throws {
        let cabinet = try await FileCabinet.open()
        try Self.papers(cabinet, 30)
        // As a host leaves it that was killed while it wrote: running, with a file that is not finished.
        let done = try await Self.export(cabinet, ["kind": "folder.papers"])
        let id = try #require(done["exportId"])
        try cabinet.host.script(
            """
            UPDATE host.file SET state = 'open', sm3 = '', finished_at = NULL;
            UPDATE host.export SET state = 'running', ended_at = NULL, lines = 7
            """)
        cabinet.host.core.services.exportWorker.wake()
        let again = try await Self.ended(id, cabinet.nurse)
        #expect(again["state"] == "done" && again["lines"] == 30 && again["fileId"] != done["fileId"])
        let bytes = try await cabinet.whole(try #require(again["fileId"]))
        #expect(try CSVReader.records(String(decoding: bytes, as: UTF8.self)).count == 31)
        #expect(try cabinet.stored()[0][0...1] == ["1", "1"], "the file that was broken off is gone")
    }

    @Test(
        "a field is written so that it is read back as it was",
        arguments: ["", "a", "a,b", "\"", "a\"b", "两 行\n三", " blank ends ", "\r\n", "=1+1"])
    func fields(text: String) throws {
        let line = CSVText.line([text, "x"])
        let records = try CSVReader.records(line)
        #expect(records.count == 1 && records[0].fields.count == 2 && !records[0].hasStrayQuote)
        let trimmed = text.drop(while: \.isWhitespace)
        #expect(records[0].fields[0] == String(trimmed.reversed().drop(while: \.isWhitespace).reversed()))
    }
}
