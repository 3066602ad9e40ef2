import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

struct UpdateTests {
    @Test("a change keeps who, when, which fields and what was before; the version guards it")
    func history() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 8)
        let person = people.next()
        let id = try await township.register(person.params)
        township.pass(seconds: 60)
        let first = try await township.doctor.call(
            "people.person.update", ["personId": id, "version": 1, "phone": "13911112222", "address": "某县新镇某村"])
        #expect(first == ["personId": id, "version": 2, "changed": ["phone", "address"]])
        township.pass(seconds: 120)
        try await township.doctor.call("people.person.update", ["personId": id, "version": 2, "clear": ["phone"]])
        let stale = try await township.refusal(
            "people.person.update", ["personId": id, "version": 2, "phone": "13911113333"])
        #expect(stale.reason == "host.conflict" && stale.details == ["version": 3])
        let same = try await township.doctor.call(
            "people.person.update", ["personId": id, "version": 3, "address": "某县新镇某村"])
        #expect(same["changed"] == [] && same["version"] == 3)

        let changes = try await township.doctor.call("people.person.history", ["personId": id])["changes"]
        #expect(changes?.arrayValue?.count == 2)
        #expect(changes?[0]?["fields"] == ["phone"] && changes?[1]?["fields"] == ["phone", "address"])
        #expect(changes?[0]?["before"]?[0]?["value"] == "139****2222")
        #expect(changes?[0]?["changedAt"] == "2026-11-22T14:32:00+08:00")
        let plain = try await township.doctor.call(
            "people.person.history", ["personId": id, "unmask": ["purpose": "registration"]])["changes"]
        #expect(plain?[1]?["before"]?[0]?["value"]?.stringValue == person.phone)
        #expect(plain?[1]?["before"]?[1]?["value"]?.stringValue == person.address)
        let shown = try await township.get(id)
        #expect(shown["phoneMasked"] == nil && shown["version"] == 3)
    }

    @Test("a new name is found at every site that knows the person, also at those the caller may not read")
    func rename() async throws {
        let township = try await Township.open()
        let id = try await township.register(["nameZh": "张三", "sex": "male"])
        let there = try await township.client(.doctor, "t2")
        try await there.call("people.registration.create", ["personId": id, "basis": "treatment"])
        try await township.doctor.call("people.person.update", ["personId": id, "version": 1, "nameZh": "仇五"])
        for client in [township.doctor, there] {
            #expect(try await client.call("people.person.find", ["pinyinPrefix": "zhangsan"])["persons"] == [])
            for search in [["pinyinPrefix": "qiuw"], ["pinyinPrefix": "qw"], ["namePrefix": "仇"]] as [JSONValue] {
                let found = try await client.call("people.person.find", search)["persons"]
                #expect(found?.arrayValue?.map { $0["personId"] } == [id])
            }
        }
        #expect(
            try township.host.sql(
                "SELECT count(*) FROM people.registration r JOIN people.person p USING (person_id) "
                    + "WHERE (r.name_zh, r.pinyin, r.initials) = (p.name_zh, p.pinyin, p.initials)") == [["2"]])
    }

    @Test("a document of somebody else, or one that contradicts the sex, is refused")
    func documents() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 9)
        let holder = people.next()
        let held = try await township.register(holder.params)
        let id = try await township.register(["nameZh": "无名氏", "sex": .string(holder.sex.rawValue)])
        let taken: JSONValue = [
            "personId": id, "version": 1,
            "document": ["kind": "citizenId", "number": .string(holder.citizenId)],
        ]
        let refused = try await township.refusal("people.person.update", taken)
        #expect(refused.reason == "people.documentExists" && refused.details?["personId"] == held)
        let other = try await township.register([
            "nameZh": "无名氏", "sex": .string(holder.sex == .male ? "female" : "male"),
        ])
        var contradicting = try #require(taken.objectValue)
        contradicting["personId"] = other
        let contradiction = try await township.refusal("people.person.update", .object(contradicting))
        #expect(contradiction.details?["disagree"] == ["sex"])
        // Its own document again is no conflict.
        let own = try await township.doctor.call(
            "people.person.update",
            [
                "personId": held, "version": 1, "phone": "13911112222",
                "document": ["kind": "citizenId", "number": .string(holder.citizenId)],
            ])
        #expect(own["changed"] == ["phone"])
        let passport = try await township.doctor.call(
            "people.person.update",
            ["personId": held, "version": 2, "document": ["kind": "passport", "number": "E12345678"]])
        #expect(passport["changed"] == ["document"])
    }

    @Test("of updates that race from one version exactly one is done")
    func race() async throws {
        let township = try await Township.open()
        let id = try await township.register(["nameZh": "张三", "sex": "male"])
        let outcomes = await Racing.aside(20) { [doctor = township.doctor] in
            try Racing.retrying {
                try doctor.callAndWait(
                    "people.person.update",
                    [
                        "personId": id, "version": 1,
                        "phone": .string("139\(UInt32.random(in: 10_000_000...99_999_999))"),
                    ])
            }
        }
        let reasons = outcomes.map { outcome in
            if case .failure(let error) = outcome { return (error as? CallRefused)?.reason ?? "\(error)" }
            return "done"
        }
        #expect(reasons.filter { $0 == "done" }.count == 1)
        #expect(reasons.filter { $0 == "host.conflict" }.count == 19)
        #expect(try township.host.sql("SELECT version FROM people.person") == [["2"]])
        #expect(try township.host.sql("SELECT count(*) FROM people.change") == [["1"]])
    }
}
