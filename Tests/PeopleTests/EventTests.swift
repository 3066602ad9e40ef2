import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

/// What the module publishes.
struct EventTests {
    private static let all = "SELECT topic, subject::text, body FROM host.event ORDER BY event.number"

    @Test("registering, changing, merging and unmerging are published, with ids and nothing else of the person")
    func published() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let keep = try await township.register(["nameZh": "张三", "sex": "male", "phone": "13800001234"])
        let drop = try await township.register(["nameZh": "张叁", "sex": "male"])
        try await township.doctor.call("people.person.update", ["personId": keep, "version": 1, "address": "某镇"])
        // A change that changes nothing is none.
        try await township.doctor.call("people.person.update", ["personId": keep, "version": 2, "address": "某镇"])
        let merge = try await admin.call("people.person.merge", ["keep": keep, "drop": drop, "reason": "同一人"])
        try await admin.call("people.person.unmerge", ["drop": drop, "reason": "不是同一人"])
        let (a, b) = (keep.stringValue ?? "", drop.stringValue ?? "")
        let m = merge["mergeId"]?.stringValue ?? ""
        try await township.host.expect(
            Self.all,
            [
                ["people.person.registered", a, #"{"personId":"\#(a)"}"#],
                ["people.person.registered", b, #"{"personId":"\#(b)"}"#],
                ["people.person.updated", a, #"{"changed":["address"],"personId":"\#(a)","version":2}"#],
                ["people.person.merged", a, #"{"dropped":"\#(b)","mergeId":"\#(m)","personId":"\#(a)"}"#],
                ["people.person.unmerged", a, #"{"mergeId":"\#(m)","personId":"\#(a)","restored":"\#(b)"}"#],
            ])
    }

    @Test("an import publishes each person that is new to the index, and nothing of who is left out")
    func imported() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let begun = try await admin.call(
            "imports.begin", ["kind": "people.residents", "name": "r.csv", "header": "姓名,性别,出生日期"])
        let id = try #require(begun["importId"])
        try await admin.call(
            "imports.append",
            ["importId": id, "fromLine": 1, "csv": "王五,男,1990-01-02\n赵六,女,1991-03-04\n孙七,女,\n"])
        try await admin.call("imports.finish", ["importId": id, "lines": 3])
        try await admin.call("imports.apply", ["importId": id, "mode": "goodLines"])
        try await township.host.expect(
            """
            SELECT topic, count(*)::text, count(person_id)::text FROM host.event \
            LEFT JOIN people.person ON person_id = subject GROUP BY topic
            """, [["people.person.registered", "2", "2"]])
    }
}
