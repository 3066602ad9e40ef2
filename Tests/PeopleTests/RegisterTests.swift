import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

struct RegisterTests {
    @Test("a person is registered and shown masked; a purpose shows all, and both are audited without personal data")
    func registerAndShow() async throws {
        let township = try await Township.open()
        let person = try await township.register([
            "nameZh": " 张　三 ", "document": ["kind": "citizenId", "number": "11010519491231002x"],
            "phone": "138-0000-1234", "address": "某县老县镇某村3组",
        ])
        let shown = try await township.get(person)
        #expect(shown["nameZh"] == "张 三")
        #expect(shown["sex"] == "female" && shown["sexZh"] == "女")
        #expect(shown["birthDate"] == "1949-12-31")
        #expect(shown["documentMasked"] == "110105********002X")
        #expect(shown["phoneMasked"] == "138****1234")
        #expect(shown["addressMasked"] == "某县老县镇***")
        #expect(shown["documentNumber"] == nil && shown["phone"] == nil && shown["address"] == nil)
        let masked = try township.audit("people.person.get")
        #expect(masked.notes.contains("\"basis\":\"view\"") && masked.notes.contains(person.stringValue ?? "-"))

        let plain = try await township.get(person, unmask: "treatment")
        #expect(plain["documentNumber"] == "11010519491231002X")
        #expect(plain["phone"] == "13800001234")
        #expect(plain["address"] == "某县老县镇某村3组")
        let unmasked = try township.audit("people.person.get")
        #expect(unmasked.notes.contains("\"basis\":\"treatment\"") && unmasked.notes.contains("\"unmasked\":true"))
        let rows = try township.host.sql("SELECT row_to_json(a)::text FROM host.audit a")
        for secret in ["11010519491231002", "13800001234", "张", "老县镇"] {
            #expect(!rows.contains { $0[0]?.contains(secret) == true })
        }
    }

    @Test("nothing that is sealed stands in the tables in plain text")
    func sealed() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 2)
        let person = people.next()
        let id = try await township.register(person.params)
        try await township.doctor.call(
            "people.person.update", ["personId": id, "version": 1, "phone": "13900009999", "address": "某县别处"])
        let text = try township.host.sql(
            """
            SELECT encode(phone, 'escape') || encode(address, 'escape') || encode(number, 'escape') ||
                encode(number_index, 'escape') || encode(before, 'escape') FROM people.person
            JOIN people.document USING (person_id) JOIN people.change USING (person_id)
            """)
        for secret in [person.citizenId, person.phone, person.address, "13900009999"] {
            #expect(text.count == 1 && !(text[0][0] ?? "").contains(secret))
        }
    }

    @Test(
        "a citizen number that cannot be, or contradicts what else is said, is refused without repeating it",
        arguments: [
            (["number": "110105194912310021"], nil, nil, ["checkDigit"]),
            (["number": "11010519491231"], nil, nil, ["format"]),
            (["number": "11010519491231002X"], "male", nil, ["sex"]),
            (["number": "11010519491231002X"], "female", "1949-12-30", ["birthDate"]),
            (["number": "11010519491231002X"], "male", "1950-12-31", ["sex", "birthDate"]),
        ] as [([String: String], String?, String?, [String])])
    func documentInvalid(document: [String: String], sex: String?, birth: String?, expected: [String]) async throws {
        let township = try await Township.open()
        let number = document["number"] ?? ""
        var params: [String: JSONValue] = [
            "nameZh": "张三", "document": ["kind": "citizenId", "number": .string(number)],
        ]
        params["sex"] = sex.map { .string($0) }
        params["birthDate"] = birth.map { .string($0) }
        let refused = try await township.refusal("people.person.register", .object(params))
        #expect(refused.reason == "people.documentInvalid" && refused.code == 1000)
        #expect(refused.details?["disagree"] == .array(expected.map { .string($0) }))
        #expect(refused.details?.canonicalText.contains(number) == false)
        #expect(try township.host.sql("SELECT count(*) FROM people.person") == [["0"]])
    }

    @Test("fields that cannot be are named")
    func fields() async throws {
        let township = try await Township.open()
        let cases: [(JSONValue, String)] = [
            (["nameZh": "张三"], "/sex"), (["nameZh": "张三", "sex": "male", "birthDate": "2026-11-23"], "/birthDate"),
            (["nameZh": "张三", "sex": "male", "birthDate": "1800-01-01"], "/birthDate"),
            (["nameZh": "张三", "sex": "male", "phone": "没有电话"], "/phone"), (["nameZh": "　", "sex": "male"], "/nameZh"),
            (["nameZh": "张三", "sex": "both"], "/sex"),
        ]
        for (params, pointer) in cases {
            let refused = try await township.refusal("people.person.register", params)
            #expect(refused.reason == "host.invalidParams")
            #expect(refused.details?[0]?["pointer"]?.stringValue == pointer)
        }
    }

    @Test("the same document is refused with the person's id, also in its 15-digit form and from another site")
    func documentExists() async throws {
        let township = try await Township.open()
        let document: JSONValue = ["kind": "citizenId", "number": "11010519491231002X"]
        let person = try await township.register(["nameZh": "张三", "document": document])
        let there = try await township.client(.nurse, "t2")
        let old: JSONValue = ["kind": "citizenId", "number": "110105491231002"]
        for (client, number, isHere) in [(township.doctor, document, true), (there, old, false)] {
            let refused = try await township.refusal(
                "people.person.register", ["nameZh": "李四", "document": number], by: client)
            #expect(refused.reason == "people.documentExists")
            #expect(refused.details == ["personId": person, "registeredHere": .bool(isHere)])
        }
        #expect(try township.audit("people.person.register").notes.contains(person.stringValue ?? "-"))
        #expect(try township.host.sql("SELECT count(*) FROM people.person") == [["1"]])
    }

    @Test("20 and more clients that race to register one document make exactly one person")
    func documentRace() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 3)
        let params = people.next().params
        let outcomes = await Racing.aside(24) { [doctor = township.doctor] in
            do {
                return try Racing.retrying { try doctor.callAndWait("people.person.register", params) }
            } catch let refused as CallRefused {
                return ["reason": .string(refused.reason), "personId": refused.details?["personId"] ?? .null]
            }
        }
        let replies = try outcomes.map { try $0.get() }
        #expect(replies.filter { $0["reason"] == nil }.count == 1)
        #expect(replies.filter { $0["reason"] == "people.documentExists" }.count == 23)
        #expect(Set(replies.compactMap { $0["personId"]?.stringValue }).count == 1)
        #expect(
            try township.host.sql(
                "SELECT (SELECT count(*) FROM people.person), (SELECT count(*) FROM people.registration)") == [
                    ["1", "1"]
                ])
    }

    @Test("who has no document gets a temporary number, each another one; a document added later ends nothing")
    func temporaryNumbers() async throws {
        let township = try await Township.open()
        let params: JSONValue = ["nameZh": "无名氏", "sex": "unknown"]
        let replies = try await Racing.aside(24) { [doctor = township.doctor] in
            try Racing.retrying { try doctor.callAndWait("people.person.register", params) }
        }.map { try $0.get() }
        let numbers = replies.compactMap { $0["temporaryNumber"]?.stringValue }
        #expect(Set(numbers).count == 24 && numbers.allSatisfy { TemporaryNumber($0) != nil })
        let person = try #require(replies[0]["personId"])
        let found = try await township.doctor.call(
            "people.person.find", ["temporaryNumber": .string(numbers[0].lowercased())])
        #expect(found["persons"]?[0]?["personId"] == person)
        let updated = try await township.doctor.call(
            "people.person.update",
            [
                "personId": person, "version": 1, "nameZh": "张三",
                "document": ["kind": "citizenId", "number": "11010519491231002X"],
            ])
        #expect(updated["changed"] == ["nameZh", "sex", "birthDate", "document"])
        let shown = try await township.get(person)
        #expect(shown["temporaryNumbers"] == [.string(numbers[0])])
        #expect(shown["documentMasked"] == "110105********002X" && shown["sex"] == "female")
    }
}
