import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

struct ImportTests {
    private func open() async throws -> (TestHost, TestClient) {
        let host = try await TestHost.start(PeopleWithImports.self)
        host.setClock(Township.now)
        return (host, try await host.client(role: .siteAdmin, site: "t1"))
    }

    private static func line(_ person: TestPeople.Person) -> JSONValue {
        [
            "nameZh": .string(person.nameZh), "documentNumber": .string(person.citizenId),
            "phone": .string(person.phone), "address": .string(person.address),
        ]
    }

    private func run(_ client: TestClient, _ kind: String, _ lines: [JSONValue], raceWith: [JSONValue]? = nil)
        async throws -> JSONValue
    {
        var params: [String: JSONValue] = ["kind": .string(kind), "lines": .array(lines)]
        params["raceWith"] = raceWith.map { .array($0) }
        return try await client.call("people.import.run", .object(params), deadlineMs: 30_000)
    }

    @Test("residents are imported: new ones made, known ones registered, faulty lines named with their fields")
    func residents() async throws {
        let (host, admin) = try await self.open()
        let there = try await host.client(role: .doctor, site: "t2")
        var people = TestPeople(seed: 11)
        let known = people.next()
        let other = people.next()
        let new = people.next()
        let knownID = try await there.call("people.person.register", known.params)["personId"]
        try await there.call("people.person.register", other.params)
        let here = people.next()
        try await admin.call("people.person.register", here.params)
        let reply = try await self.run(
            admin, "people.residents",
            [
                Self.line(new), Self.line(known), Self.line(here),
                ["nameZh": "别人", "documentNumber": .string(other.citizenId)],
                ["nameZh": "王五", "sex": "男", "birthDate": "1990年1月2日"], ["nameZh": "赵六", "sex": "女"],
                ["nameZh": "钱七", "sex": "雄", "birthDate": "昨天", "phone": "无", "documentKind": "驾照"],
                ["documentNumber": "110105194912310021"],
            ])
        #expect(reply["good"] == 3)
        let faults = reply["faults"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let places = faults.map { String($0.prefix { $0 != ":" }) }
        #expect(
            Set(places) == [
                "3/documentNumber", "4/nameZh", "6/birthDate", "7/sex", "7/birthDate", "7/phone", "7/documentKind",
                "8/nameZh", "8/documentNumber",
            ])
        #expect(!faults.contains { $0.contains(other.citizenId) || $0.contains("驾照") })
        let list = try await admin.call("people.registration.list")["persons"]?.arrayValue ?? []
        #expect(Set(list.compactMap { $0["nameZh"]?.stringValue }) == [new.nameZh, known.nameZh, here.nameZh, "王五"])
        let found = try await admin.call("people.person.find", ["documentNumber": .string(known.citizenId)])
        #expect(found["persons"]?[0]?["personId"] == knownID && found["persons"]?[0]?["registered"] == true)
        let made = try await admin.call("people.person.find", ["documentNumber": .string(new.citizenId)])
        let shown = try await admin.call(
            "people.person.get",
            ["personId": try #require(made["persons"]?[0]?["personId"]), "unmask": ["purpose": "publicHealth"]])
        #expect(shown["phone"]?.stringValue == new.phone && shown["address"]?.stringValue == new.address)
        #expect(shown["birthDate"]?.stringValue == new.birthDate.description)
        let numbered = try await admin.call("people.person.find", ["namePrefix": "王五"])["persons"]?[0]?["personId"]
        let wangwu = try await admin.call("people.person.get", ["personId": try #require(numbered)])
        #expect(wangwu["temporaryNumbers"]?[0]?.stringValue.flatMap { TemporaryNumber($0) } != nil)
        let prepared = reply["prepared"]?.stringValue ?? ""
        for secret in [new.citizenId, new.phone, new.address] { #expect(!prepared.contains(secret)) }
    }

    @Test("who is registered between check and apply is reported, and nobody is made twice")
    func lateKnown() async throws {
        let (host, admin) = try await self.open()
        var people = TestPeople(seed: 12)
        let lines = (0..<5).map { _ in Self.line(people.next()) }
        let reply = try await self.run(admin, "people.residents", lines, raceWith: Array(lines[1...2]))
        #expect(reply["good"] == 3)
        #expect(
            reply["faults"]?.arrayValue?.compactMap { $0.stringValue?.prefix(16) } == [
                "2/documentNumber", "3/documentNumber",
            ])
        #expect(
            try host.sql("SELECT count(*), (SELECT count(*) FROM people.registration) FROM people.person") == [
                ["5", "5"]
            ])
    }

    @Test("a document that came to stand under another name between check and apply is not opened to the site")
    func lateOtherName() async throws {
        let (host, admin) = try await self.open()
        var people = TestPeople(seed: 14)
        let person = people.next()
        let other: JSONValue = ["nameZh": "另一人", "documentNumber": .string(person.citizenId)]
        let reply = try await self.run(admin, "people.residents", [Self.line(person)], raceWith: [other])
        #expect(reply["good"] == 0)
        #expect(reply["faults"]?.arrayValue?.compactMap { $0.stringValue?.prefix(8) } == ["1/nameZh"])
        #expect(try host.sql("SELECT name_zh FROM people.registration") == [["另一人"]])
    }

    @Test("one document under two names in a file of staff is one line too many")
    func staffUnderTwoNames() async throws {
        let (host, admin) = try await self.open()
        var people = TestPeople(seed: 15)
        for code in ["BGS", "GW"] {
            try await admin.call(
                "people.department.create", ["code": .string(code), "nameZh": "科室", "kind": "clinical"])
        }
        let number = JSONValue.string(people.next().citizenId)
        let lines: [JSONValue] = [
            ["nameZh": "王一", "documentNumber": number, "departmentCode": "BGS", "title": "医师"],
            ["nameZh": "赵二", "documentNumber": number, "departmentCode": "GW", "title": "医师"],
        ]
        let reply = try await self.run(admin, "people.staff", lines)
        #expect(reply["good"] == 1)
        #expect(reply["faults"]?.arrayValue?.compactMap { $0.stringValue?.prefix(8) } == ["2/nameZh"])
        // In a later chunk of the file it is found as well.
        let later = try await self.run(admin, "people.staff", Array(lines[1...]))
        #expect(later["good"] == 0)
        #expect(try host.sql("SELECT count(*) FROM people.staff") == [["1"]])
    }

    @Test(
        "what cannot be seen in a name is refused in a file as it is in a call",
        arguments: ["李\u{200B}四", "李\u{202E}五", "李\u{85}六", "李\u{E000}七"])
    func unseen(name: String) async throws {
        let (_, admin) = try await self.open()
        let reply = try await self.run(
            admin, "people.residents", [["nameZh": .string(name), "sex": "男", "birthDate": "1990-01-02"]])
        #expect(reply["good"] == 0)
        #expect(reply["faults"]?.arrayValue?.first?.stringValue?.hasPrefix("1/nameZh") == true)
    }

    @Test("staff are imported with department, title and rights")
    func staff() async throws {
        let (host, admin) = try await self.open()
        var people = TestPeople(seed: 13)
        for code in ["ZYF", "NK"] {
            try await admin.call(
                "people.department.create", ["code": .string(code), "nameZh": "科室", "kind": "clinical"])
        }
        func line(_ person: TestPeople.Person, _ more: [String: JSONValue]) -> JSONValue {
            .object((Self.line(person).objectValue ?? [:]).merging(more) { $1 })
        }
        let known = people.next()
        let knownID = try await admin.call("people.person.register", known.params)["personId"]
        let two = people.next()
        let reply = try await self.run(
            admin, "people.staff",
            [
                line(
                    known,
                    ["departmentCode": "ZYF", "title": "中药师", "rights": "处方调剂权；toxicDrugs", "employedOn": "2020/7/1"]),
                line(two, ["departmentCode": "NK", "title": "attendingPhysician", "rights": "处方权"]),
                line(two, ["departmentCode": "ZYF", "title": "主治中医师"]),
                line(
                    people.next(), ["departmentCode": "XX", "title": "院士", "rights": "飞行", "employedOn": "2030-01-01"]),
                ["nameZh": "无证", "sex": "男", "departmentCode": "NK", "title": "护师"],
            ])
        #expect(reply["good"] == 3, "\(reply)")
        let places = reply["faults"]?.arrayValue?.compactMap { $0.stringValue.map { String($0.prefix { $0 != ":" }) } }
        #expect(
            Set(places ?? []) == [
                "4/departmentCode", "4/title", "4/rights", "4/employedOn", "5/documentNumber",
            ])
        let staff = try await admin.call("people.staff.list")["staff"]?.arrayValue ?? []
        #expect(staff.count == 3)
        let first = staff.first { $0["personId"] == knownID }
        #expect(first?["rights"] == ["dispensing", "toxicDrugs"] && first?["employedOn"] == "2020-07-01")
        #expect(Set(staff.compactMap { $0["personId"]?.stringValue }).count == 2)
        let again = try await self.run(
            admin, "people.staff", [line(known, ["departmentCode": "ZYF", "title": "中药师"])])
        #expect(again["good"] == 0)
        #expect(try host.sql("SELECT count(*) FROM people.person") == [["2"]])
    }

    @Test("a township's residents come in fast, and are then searched by index under row-level security")
    func rate() async throws {
        let (host, admin) = try await self.open()
        let count = ProcessInfo.processInfo.environment["XINGLIN_RESIDENTS"].flatMap(Int.init) ?? 4000
        var people = TestPeople(seed: 14)
        let clock = ContinuousClock()
        var spent = Duration.zero
        for start in stride(from: 0, to: count, by: 1000) {
            let lines = (start..<min(count, start + 1000)).map { _ in Self.line(people.next()) }
            let began = clock.now
            let reply = try await self.run(admin, "people.residents", lines)
            spent += clock.now - began
            #expect(reply["good"]?.integerValue == Int64(lines.count))
        }
        let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
        print("people.residents: \(count) lines in \(seconds) s, \(Int(Double(count) / seconds)) lines/s")
        #expect(try host.sql("SELECT count(*) FROM people.registration") == [["\(count)"]])
        _ = try host.script("ANALYZE people.registration; ANALYZE people.person")
        let plan = try await admin.call("people.search.explain", ["prefix": "zhangw"])["plan"]?.stringValue ?? ""
        #expect(plan.contains("registration_by_pinyin") && plan.contains("registration_by_initials"), "\(plan)")
        #expect(!plan.contains("Seq Scan on registration"), "\(plan)")
    }
}
