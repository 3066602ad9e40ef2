import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

/// Who sees whom.
struct SiteTests {
    @Test("a site that does not know a person sees nothing of them, whatever it asks")
    func foreignSite() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 4)
        let person = people.next()
        let id = try await township.register(person.params)
        let numbered = try await township.doctor.call("people.person.register", ["nameZh": "无名氏", "sex": "male"])
        let there = try await township.client(.doctor, "t2")
        for method in ["people.person.get", "people.person.history"] {
            #expect(try await township.refusal(method, ["personId": id], by: there).reason == "host.notFound")
        }
        let update: JSONValue = ["personId": id, "version": 1, "nameZh": "李四"]
        #expect(try await township.refusal("people.person.update", update, by: there).reason == "host.notFound")
        let many = try await there.call("people.person.getMany", ["personIds": [id]])
        #expect(many == ["persons": [], "missing": [id]])
        let searches: [JSONValue] = [
            ["namePrefix": .string(String(person.nameZh.prefix(1)))],
            ["pinyinPrefix": .string(Pinyin(person.nameZh).full)],
            ["temporaryNumber": try #require(numbered["temporaryNumber"])],
        ]
        for search in searches {
            #expect(try await there.call("people.person.find", search)["persons"] == [])
            #expect(try await township.doctor.call("people.person.find", search)["persons"]?.arrayValue?.count == 1)
        }
        #expect(try await there.call("people.registration.list")["persons"] == [])
    }

    @Test(
        "a whole document number is found in the county, with a masked name and an audit row; registered here it is shown"
    )
    func foundInTheCounty() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 5)
        let person = people.next()
        let id = try await township.register(person.params)
        let there = try await township.client(.pharmacist, "t2")
        let search: JSONValue = ["documentNumber": .string(person.citizenId.lowercased()), "basis": "dispensing"]
        let found = try await there.call("people.person.find", search)["persons"]?[0]
        #expect(found?["personId"] == id && found?["registered"] == false)
        #expect(found?["nameZh"]?.stringValue == "\(person.nameZh.prefix(1))*")
        let notes = try township.audit("people.person.find").notes
        #expect(notes.contains("\"basis\":\"dispensing\"") && notes.contains("\"scope\":\"county\""))
        #expect(notes.contains(id.stringValue ?? "-") && !notes.contains(person.citizenId))

        let enrolled = try await there.call("people.registration.create", ["personId": id, "basis": "dispensing"])
        #expect(enrolled == ["personId": id, "created": true])
        let again = try await there.call("people.registration.create", ["personId": id, "basis": "treatment"])
        #expect(again == ["personId": id, "created": false])
        let known = try await there.call("people.person.find", search)["persons"]?[0]
        #expect(known?["nameZh"]?.stringValue == person.nameZh && known?["registered"] == true)
        #expect(try await township.get(id, by: there)["nameZh"]?.stringValue == person.nameZh)
        let unknown = RecordID(high: 1, low: 1)
        #expect(
            try await township.refusal(
                "people.registration.create", ["personId": .string(unknown.description), "basis": "treatment"],
                by: there
            ).reason == "host.notFound")
    }

    @Test("a county office with a grant over its subtree reads all its sites, and a page follows the other")
    func subtree() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 6)
        let there = try await township.client(.nurse, "t2")
        var names: [String] = []
        for number in 0..<9 {
            let person = people.next()
            names.append(person.nameZh)
            _ = try await township.register(person.params, by: number % 2 == 0 ? there : township.doctor)
        }
        let office = try await township.client(.siteAdmin, "county", reach: .subtree)
        var seen: [String] = []
        for initial in Set(names.map { String(Pinyin($0).full.prefix(1)) }).sorted() {
            var after: JSONValue?
            repeat {
                var params: [String: JSONValue] = ["pinyinPrefix": .string(initial), "limit": 1]
                params["after"] = after
                let page = try await office.call("people.person.find", .object(params))
                seen += page["persons"]?.arrayValue?.compactMap { $0["nameZh"]?.stringValue } ?? []
                after = page["next"]
            } while after != nil
        }
        #expect(seen.sorted() == names.sorted())
    }

    @Test("names are found by their beginning, pinyin or initials, birth dates narrow it, wildcards mean themselves")
    func search() async throws {
        let township = try await Township.open()
        for (name, birth) in [("张三", "1990-01-01"), ("张三丰", "1991-01-01"), ("章珊", "1990-01-01"), ("李四", "1990-01-01")] {
            _ = try await township.register(["nameZh": .string(name), "sex": "male", "birthDate": .string(birth)])
        }
        func names(_ params: JSONValue) async throws -> Set<String> {
            let reply = try await township.doctor.call("people.person.find", params)
            return Set(reply["persons"]?.arrayValue?.compactMap { $0["nameZh"]?.stringValue } ?? [])
        }
        #expect(try await names(["namePrefix": "张三"]) == ["张三", "张三丰"])
        #expect(try await names(["pinyinPrefix": "zhangs"]) == ["张三", "张三丰", "章珊"])
        #expect(try await names(["pinyinPrefix": "ZS"]) == ["张三", "张三丰", "章珊"])
        #expect(try await names(["pinyinPrefix": "zsf"]) == ["张三丰"])
        #expect(try await names(["pinyinPrefix": "zs", "birthDate": "1990-01-01"]) == ["张三", "章珊"])
        #expect(try await names(["namePrefix": "%"]) == [])
        #expect(try await names(["namePrefix": "张_"]) == [])
        for params in [[:], ["namePrefix": "张", "pinyinPrefix": "z"], ["pinyinPrefix": "%%"]] as [JSONValue] {
            #expect(try await township.refusal("people.person.find", params).reason == "host.invalidParams")
        }
    }

    @Test("getMany gives what it finds in the order asked, each id once")
    func getMany() async throws {
        let township = try await Township.open()
        var people = TestPeople(seed: 7)
        let first = try await township.register(people.next().params)
        let second = try await township.register(people.next().params)
        let unknown = JSONValue.string(RecordID(high: 1, low: 1).description)
        let integrator = try await township.client(.integrator)
        let reply = try await integrator.call(
            "people.person.getMany", ["personIds": [second, unknown, first, second]])
        #expect(reply["persons"]?.arrayValue?.map { $0["askedId"] } == [second, first])
        #expect(reply["missing"] == [unknown])
        #expect(try township.audit("people.person.getMany").notes.contains(first.stringValue ?? "-"))
    }

    @Test(
        "roles: who has none of the shipped ones for a method is refused",
        arguments: [
            (Role.pharmacist, "people.person.update"), (.pharmacist, "people.person.merge"),
            (.doctor, "people.person.merge"),
            (.nurse, "people.staff.create"), (.integrator, "people.person.get"), (.statistician, "people.person.find"),
            (.auditor, "people.person.get"), (.branchOfficer, "people.person.getMany"),
            (.reviewer, "people.person.find"),
            (.dispatcher, "people.person.register"), (.doctor, "people.department.create"),
        ])
    func roles(role: Role, method: String) async throws {
        let township = try await Township.open()
        let client = try await township.client(role)
        #expect(try await township.refusal(method, [:], by: client).reason == "host.forbidden")
    }
}
