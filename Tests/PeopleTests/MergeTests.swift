import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

struct MergeTests {
    private func merge(_ keep: JSONValue, _ drop: JSONValue) -> JSONValue {
        ["keep": keep, "drop": drop, "reason": "家属到院确认身份"]
    }

    @Test("a merged id gives the kept person with mergedInto; nothing is lost; unmerging restores exactly what was")
    func mergeAndBack() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 10)
        let person = people.next()
        let there = try await township.client(.nurse, "t2")
        let keep = try await township.register(person.params)
        let unknown = try await there.call(
            "people.person.register", ["nameZh": "无名氏", "sex": "unknown", "phone": "13911112222"])
        let drop = try #require(unknown["personId"])
        let number = try #require(unknown["temporaryNumber"])
        let office = try await township.client(.siteAdmin, "county", reach: .subtree)
        let before = (try await township.get(keep, by: office), try await township.get(drop, by: office))

        let merged = try await office.call("people.person.merge", self.merge(keep, drop))
        #expect(merged["personId"] == keep && merged["documentsDiffer"] == false)
        let shown = try await township.get(drop, by: there, unmask: "treatment")
        #expect(shown["personId"] == keep && shown["mergedInto"] == keep)
        #expect(shown["documentNumber"]?.stringValue == person.citizenId)
        #expect(shown["temporaryNumbers"] == [number])
        #expect(shown["absorbed"]?[0]?["personId"] == drop && shown["absorbed"]?[0]?["phone"] == "13911112222")
        #expect(try await township.get(keep, by: there)["mergedInto"] == nil)
        for search in [["namePrefix": "无名"], ["temporaryNumber": number]] as [JSONValue] {
            let found = try await there.call("people.person.find", search)["persons"]
            #expect(found?.arrayValue?.map { $0["personId"] } == [keep])
        }
        let many = try await there.call("people.person.getMany", ["personIds": [drop, keep]])
        #expect(many["persons"]?.arrayValue?.map { $0["personId"] } == [keep, keep])
        #expect(many["persons"]?.arrayValue?.map { $0["mergedInto"] } == [keep, nil])
        let update: JSONValue = ["personId": drop, "version": 1, "nameZh": "李四"]
        let refused = try await township.refusal("people.person.update", update, by: there)
        #expect(refused.reason == "people.personMerged" && refused.details?["personId"] == keep)

        try await office.call("people.person.unmerge", ["drop": drop, "keep": keep, "reason": "同名的另一人"])
        #expect(try await township.get(keep, by: office) == before.0)
        #expect(try await township.get(drop, by: office) == before.1)
        #expect(
            try await township.refusal("people.person.get", ["personId": keep], by: there).reason == "host.notFound")
        let row = try township.host.sql(
            "SELECT unmerged_at IS NOT NULL, unmerged_by IS NOT NULL, encode(reason, 'escape') FROM people.merge")
        #expect(row.count == 1 && row[0][0] == "t" && row[0][1] == "t" && row[0][2]?.contains("家属") == false)
        for method in ["people.person.merge", "people.person.unmerge"] {
            #expect(try township.audit(method).notes.contains(drop.stringValue ?? "-"))
        }
    }

    @Test("what is done to the kept record after the merge stays with it; the dropped one comes back as it was")
    func changesAfterTheMerge() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        let keep = try await township.register(["nameZh": "张三", "sex": "male"])
        let drop = try await township.register([
            "nameZh": "张叁", "document": ["kind": "citizenId", "number": "11010519491231002X"],
        ])
        try await admin.call("people.person.merge", self.merge(keep, drop))
        // The kept record has no document of its own: that of the merged one is shown and found.
        #expect(try await township.get(keep)["documentMasked"] == "110105********002X")
        let found = try await township.doctor.call("people.person.find", ["documentNumber": "11010519491231002X"])
        #expect(found["persons"]?[0]?["personId"] == keep)
        let again = try await township.refusal(
            "people.person.register",
            ["nameZh": "张三", "document": ["kind": "citizenId", "number": "11010519491231002X"]])
        #expect(again.details?["personId"] == keep)
        try await township.doctor.call(
            "people.person.update", ["personId": keep, "version": 1, "phone": "13911112222"])
        let there = try await township.client(.doctor, "t2")
        try await there.call("people.registration.create", ["personId": drop, "basis": "referral"])
        try await admin.call("people.person.unmerge", ["drop": drop, "reason": "误合并"])
        let kept = try await township.get(keep, by: there)
        #expect(kept["phoneMasked"] == "139****2222" && kept["documentMasked"] == nil)
        #expect(try await township.get(drop)["nameZh"] == "张叁")
        #expect(
            try await township.refusal("people.person.get", ["personId": drop], by: there).reason == "host.notFound")
    }

    @Test(
        "merging with itself, of merged records and in a ring, and unmerging what is not merged, is refused with reasons"
    )
    func refusals() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        var ids: [JSONValue] = []
        for _ in 0..<4 { ids.append(try await township.register(["nameZh": "无名氏", "sex": "male"])) }
        #expect(
            try await township.refusal("people.person.merge", self.merge(ids[0], ids[0]), by: admin).reason
                == "people.mergeWithItself")
        try await admin.call("people.person.merge", self.merge(ids[0], ids[1]))
        for (keep, drop) in [(ids[1], ids[0]), (ids[2], ids[1]), (ids[1], ids[2]), (ids[0], ids[1])] {
            let refused = try await township.refusal("people.person.merge", self.merge(keep, drop), by: admin)
            #expect(refused.reason == "people.personMerged" && refused.details?["personId"] == ids[0])
        }
        for (drop, keep) in [(ids[0], nil), (ids[2], nil), (ids[1], ids[2])] as [(JSONValue, JSONValue?)] {
            var params: [String: JSONValue] = ["drop": drop, "reason": "误合并"]
            params["keep"] = keep
            let refused = try await township.refusal("people.person.unmerge", .object(params), by: admin)
            #expect(refused.reason == "people.notMerged")
        }
        let foreign = try await township.client(.siteAdmin, "t2")
        #expect(
            try await township.refusal("people.person.merge", self.merge(ids[2], ids[3]), by: foreign).reason
                == "host.notFound")
        #expect(
            try await township.refusal("people.person.unmerge", ["drop": ids[1], "reason": "误"], by: foreign).reason
                == "host.notFound")
        #expect(
            try township.host.sql("SELECT count(*) FROM host.audit WHERE reason = 'people.personMerged'") == [["4"]])
    }

    @Test("of merges of one record that race exactly one wins, and no ring comes of two that cross")
    func races() async throws {
        let township = try await Township.open()
        let admin = try await township.client(.siteAdmin)
        var ids: [JSONValue] = []
        for _ in 0..<22 { ids.append(try await township.register(["nameZh": "无名氏", "sex": "male"])) }
        let all = ids
        let turns = Turns()
        let reasons = await Racing.aside(20) {
            let keep = all[turns.next() + 1]
            return Self.reason {
                try admin.callAndWait("people.person.merge", ["keep": keep, "drop": all[0], "reason": "同一人"])
            }
        }.map { (try? $0.get()) ?? "failed" }
        #expect(reasons.filter { $0 == "done" }.count == 1)
        #expect(reasons.filter { $0 == "people.personMerged" }.count == 19)
        let crossing = await Racing.aside(20) {
            let turn = turns.next()
            let pair = turn % 2 == 0 ? (all[20], all[21]) : (all[21], all[20])
            return Self.reason {
                try admin.callAndWait("people.person.merge", ["keep": pair.0, "drop": pair.1, "reason": "同一人"])
            }
        }.map { (try? $0.get()) ?? "failed" }
        #expect(crossing.filter { $0 == "done" }.count == 1)
        #expect(try township.host.sql("SELECT count(*) FROM people.person WHERE merged_into IS NOT NULL") == [["2"]])
    }

    private static func reason(_ body: () throws -> JSONValue) -> String {
        do {
            _ = try Racing.retrying { try body() }
            return "done"
        } catch let refused as CallRefused {
            return refused.reason
        } catch {
            return "\(error)"
        }
    }
}
