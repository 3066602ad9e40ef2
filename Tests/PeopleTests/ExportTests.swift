import Foundation
import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

@Suite("Exports of persons")
struct ExportTests {
    /// Waits for the end of what goes on beside the calls.
    private static func ended(
        _ client: TestClient, _ method: String, _ params: JSONValue, while state: JSONValue
    ) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let reply = try await client.call(method, params)
            if reply["state"] != state { return reply }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(method) stays at \(state)")
        return .null
    }

    /// Exports a kind and gives the file's bytes.
    private static func export(_ kind: String, _ client: TestClient) async throws -> [UInt8] {
        let begun = try await client.call("exports.begin", ["kind": .string(kind)])
        let done = try await Self.ended(
            client, "exports.get", ["exportId": begun["exportId"] ?? .null], while: "running")
        #expect(done["state"] == "done")
        let reply = try await client.call(
            "files.read", ["fileId": done["fileId"] ?? .null, "offset": 0, "length": 524_288])
        return try #require(reply["base64"]?.stringValue.flatMap { Base64.decode($0) })
    }

    /// Imports bytes as a file and gives how it ended.
    private static func `import`(_ kind: String, _ bytes: [UInt8], _ client: TestClient) async throws -> JSONValue {
        let begun = try await client.call(
            "files.begin",
            [
                "name": "export.csv", "mediaType": "text/csv", "bytes": .integer(Int64(bytes.count)),
                "sm3": .string(try SM3.hex(bytes)),
            ])
        let file = begun["fileId"] ?? .null
        try await client.call("files.append", ["fileId": file, "offset": 0, "base64": .string(Base64.encode(bytes))])
        try await client.call("files.finish", ["fileId": file])
        let id = try await client.call("imports.begin", ["kind": .string(kind), "fileId": file])["importId"] ?? .null
        let checked = try await Self.ended(client, "imports.get", ["importId": id], while: "open")
        #expect(checked["state"] == "checked" && checked["faulty"] == 0)
        try await client.call("imports.apply", ["importId": id, "mode": "allOrNothing"])
        return try await Self.ended(client, "imports.get", ["importId": id], while: "applying")
    }

    private static func table(_ bytes: [UInt8]) throws -> [[String: String]] {
        try DelimitedTable(parsing: bytes).rows
    }

    @Test("residents that are exported at one site are taken in at another, and the export shows each person once")
    func residents() async throws {
        let town = try await Township.open()
        let admin = try await town.client(.siteAdmin)
        let there = try await town.client(.siteAdmin, "t2")
        var people = TestPeople(seed: 23)
        let persons = [people.next(), people.next(), people.next()]
        var ids: [JSONValue] = []
        for person in persons { ids.append(try await town.register(person.params)) }
        let unnumbered = try await town.register(
            ["nameZh": "欧阳测", "sex": "female", "birthDate": "1990-01-02"])
        let twin = try await town.register([
            "nameZh": .string(persons[0].nameZh), "sex": "unknown", "birthDate": "1990-01-03",
        ])
        try await admin.call(
            "people.person.merge", ["keep": ids[0], "drop": twin, "reason": "one and the same"])
        let bytes = try await Self.export("people.residents", admin)
        let rows = try Self.table(bytes)
        #expect(rows.count == 4, "the merged record is no line of its own")
        let numbers = Set(rows.compactMap { $0["document number"] })
        #expect(numbers == Set(persons.map(\.citizenId) + [""]))
        #expect(rows.contains { $0["name"] == "欧阳测" && $0["birth date"] == "1990-01-02" && $0["sex"] == "女" })
        #expect(rows.allSatisfy { $0["phone"] == "" || $0["phone"]?.contains("*") == false }, "it is whole")
        let done = try await Self.import("people.residents", bytes, there)
        #expect(done["state"] == "applied" && done["applied"] == 4)
        let again = try await Self.export("people.residents", there)
        func key(_ row: [String: String]) -> String {
            row.sorted { $0.key < $1.key }.map(\.value).joined(separator: "|")
        }
        #expect(Set(try Self.table(again).map(key)) == Set(rows.map(key)))
        let audits = try town.host.sql(
            """
            SELECT notes::json->>'basis', json_array_length(notes::json->'subjects') FROM host.audit
            WHERE method = 'exports.begin' AND notes::json->>'sm3' IS NOT NULL ORDER BY seq
            """)
        #expect(audits == [["publicHealth", "4"], ["publicHealth", "4"]])
        #expect(!ids.isEmpty && unnumbered != .null)
    }

    @Test("staff that are exported at one site are taken in at another that has the departments")
    func staff() async throws {
        let town = try await Township.open()
        let admin = try await town.client(.siteAdmin)
        let there = try await town.client(.siteAdmin, "t2")
        var people = TestPeople(seed: 24)
        for client in [admin, there] {
            try await client.call(
                "people.department.create", ["code": "ZYF", "nameZh": "中药房", "kind": "pharmacy"])
        }
        let department = try await admin.call("people.department.list")["departments"]?[0]?["departmentId"] ?? .null
        for index in 0..<2 {
            let person = try await town.register(people.next().params)
            try await admin.call(
                "people.staff.create",
                [
                    "personId": person, "departmentId": department, "title": "tcmPharmacist",
                    "rights": index == 0 ? ["dispensing", "toxicDrugs"] : [],
                ])
        }
        let bytes = try await Self.export("people.staff", admin)
        let rows = try Self.table(bytes)
        #expect(rows.count == 2 && Set(rows.compactMap { $0["department code"] }) == ["ZYF"])
        let done = try await Self.import("people.staff", bytes, there)
        #expect(done["state"] == "applied" && done["applied"] == 2)
        let rights = try await there.call("people.staff.list")["staff"]?.arrayValue?.map {
            $0["rights"]?.arrayValue?.count
        }
        #expect(Set(rights ?? []) == [0, 2])
        let doctor = await #expect(throws: CallRefused.self) {
            try await town.doctor.call("exports.begin", ["kind": "people.staff"])
        }
        #expect(doctor?.reason == "host.forbidden")
    }
}
