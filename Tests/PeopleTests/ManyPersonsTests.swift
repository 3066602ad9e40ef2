import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

@Suite("Persons that another module's file names")
struct ManyPersonsTests {
    private func open() async throws -> (TestHost, TestClient) {
        let host = try await TestHost.start(PeopleWithDoors.self)
        host.setClock(Township.now)
        return (host, try await host.client(role: .siteAdmin, site: "t1"))
    }

    private static func written(_ person: TestPeople.Person) -> [String: JSONValue] {
        [
            "nameZh": .string(person.nameZh), "documentNumber": .string(person.citizenId),
            "phone": .string(person.phone),
        ]
    }

    @Test("many are judged at once: every fault by its field, without the value, and who has the document")
    func check() async throws {
        let (host, admin) = try await self.open()
        let there = try await host.client(role: .doctor, site: "t2")
        var people = TestPeople(seed: 71)
        let (new, known, other) = (people.next(), people.next(), people.next())
        let knownID = try await there.call("people.person.register", known.params)["personId"]
        try await there.call("people.person.register", other.params)
        var misnamed = Self.written(other)
        misnamed["nameZh"] = "别人"
        let rows: [[String: JSONValue]] = [
            Self.written(new), Self.written(known), misnamed,
            ["nameZh": "李\u{202E}四", "sex": "雄", "documentNumber": "110105194912310021", "phone": "无"],
            ["nameZh": "王五", "documentNumber": "11010519491231002X", "sex": "男", "birthDate": "1950-01-01"], [:],
        ]
        let before = try host.sql("SELECT count(*)::text FROM people.person")
        let reply = try await admin.call(
            "people.person.checkManyDoor", ["persons": .array(rows.map { .object($0) })])
        let persons = try #require(reply["persons"]?.arrayValue)
        let fields = persons.map { person in
            (person["faults"]?.arrayValue ?? []).compactMap { $0["field"]?.stringValue }
        }
        #expect(
            fields.map { Set($0) }
                == [
                    [], [], ["nameZh"], ["nameZh", "sex", "documentNumber", "phone"], ["documentNumber"],
                    ["nameZh", "sex"],
                ].map { Set($0) })
        #expect(fields[4].count == 2, "sex and birth date disagree")
        #expect(persons[0]["personId"] == nil && persons[0]["documentNumber"]?.stringValue == new.citizenId)
        #expect(persons[0]["birthDate"]?.stringValue == new.birthDate.description)
        #expect(persons[1]["personId"] == knownID && persons[2]["personId"] == nil)
        let text = persons.flatMap { $0["faults"]?.arrayValue ?? [] }.map { "\($0)" }.joined()
        for secret in ["110105194912310021", "雄", "别人", other.citizenId] { #expect(!text.contains(secret)) }
        #expect(try host.sql("SELECT count(*)::text FROM people.person") == before, "it records nothing")
    }

    @Test("many are made known here: added, registered or known, and a document of another name is left alone")
    func ensure() async throws {
        let (host, admin) = try await self.open()
        let there = try await host.client(role: .doctor, site: "t2")
        var people = TestPeople(seed: 72)
        let (new, known, here, other) = (people.next(), people.next(), people.next(), people.next())
        let knownID = try await there.call("people.person.register", known.params)["personId"]
        let hereID = try await admin.call("people.person.register", here.params)["personId"]
        try await there.call("people.person.register", other.params)
        var misnamed = Self.written(other)
        misnamed["nameZh"] = "别人"
        let rows = [Self.written(new), Self.written(known), Self.written(here), misnamed, Self.written(new)]
        let params: JSONValue = ["persons": .array(rows.map { .object($0) }), "purpose": "administration"]
        let reply = try await admin.call("people.person.ensureManyDoor", params)
        let persons = try #require(reply["persons"]?.arrayValue)
        #expect(
            persons.map { $0["outcome"] ?? .null } == ["added", "registered", "known", "otherName", "known"])
        #expect(persons[1]["personId"] == knownID && persons[2]["personId"] == hereID)
        #expect(persons[3]["personId"] == nil && persons[4]["personId"] == persons[0]["personId"])
        let again = try await admin.call("people.person.ensureManyDoor", params)
        #expect(
            again["persons"]?.arrayValue?.map { $0["outcome"] ?? .null } == [
                "known", "known", "known", "otherName", "known",
            ])
        #expect(again["persons"]?[0]?["personId"] == persons[0]["personId"])
        let list = try await admin.call("people.registration.list")["persons"]?.arrayValue ?? []
        #expect(list.count == 3 && !list.contains { $0["nameZh"]?.stringValue == other.nameZh })
        let audit = try host.sql(
            "SELECT notes::json->>'basis' FROM host.audit WHERE method = 'people.person.ensureManyDoor' LIMIT 1")
        #expect(audit == [["administration"]])
    }

    @Test("one that cannot be recorded refuses them all, and names place and field")
    func refused() async throws {
        let (host, admin) = try await self.open()
        var people = TestPeople(seed: 73)
        let rows = [Self.written(people.next()), ["nameZh": "张三", "documentNumber": "110105194912310021"]]
        let refused = await #expect(throws: CallRefused.self) {
            try await admin.call(
                "people.person.ensureManyDoor",
                ["persons": .array(rows.map { .object($0) }), "purpose": "administration"])
        }
        #expect(refused?.reason == "host.invalidParams")
        #expect(refused?.details?[0]?["pointer"] == "/persons/1/documentNumber")
        #expect(try host.sql("SELECT count(*)::text FROM people.person") == [["0"]])
    }

    @Test("an export sees whole those whom the site knows, each audited with the purpose, and nobody else")
    func unmask() async throws {
        let (host, admin) = try await self.open()
        let there = try await host.client(role: .doctor, site: "t2")
        var people = TestPeople(seed: 74)
        let (here, other) = (people.next(), people.next())
        let hereID = try #require(try await admin.call("people.person.register", here.params)["personId"])
        let otherID = try #require(try await there.call("people.person.register", other.params)["personId"])
        let reply = try await admin.call(
            "people.person.unmaskManyDoor", ["personIds": [hereID, otherID], "purpose": "administration"])
        #expect(reply["persons"]?.arrayValue?.count == 1 && reply["missing"] == [otherID])
        #expect(reply["persons"]?[0]?["documentNumber"]?.stringValue == here.citizenId)
        let audit = try host.sql(
            """
            SELECT notes::json->>'basis', notes::json->'subjects'->>0 FROM host.audit
            WHERE method = 'people.person.unmaskManyDoor'
            """)
        #expect(audit == [["administration", hereID.stringValue]])
    }

    @Test("nobody calls them from outside", arguments: ["checkMany", "ensureMany", "unmaskMany"])
    func modulesOnly(method: String) async throws {
        let (_, admin) = try await self.open()
        let refused = await #expect(throws: CallRefused.self) {
            try await admin.call("people.person.\(method)", [:])
        }
        #expect(refused?.reason == "host.methodNotFound")
    }
}

/// The module with doors to what only other modules may call.
struct PeopleWithDoors: FeatureModule {
    static let manifest = PeopleModule.manifest
    private let module: PeopleModule

    init(_ boot: Boot) throws {
        self.module = try PeopleModule(boot)
    }

    var methods: [any RPCMethod] {
        self.module.methods + [
            Door(method: CheckManyPersons()), Door(method: EnsureManyPersons()), Door(method: UnmaskManyPersons()),
        ]
    }
}

/// A method that administrators may call from outside.
struct Door<Method: RPCMethod>: RPCMethod {
    typealias Params = Method.Params
    typealias Reply = Method.Reply

    static var name: String { Method.name + "Door" }
    static var summary: String { Method.summary }
    static var effect: Effect { Method.effect }
    static var access: Access { .roles([.siteAdmin]) }
    static var params: Schema { Method.params }
    static var reply: Schema { Method.reply }
    static var examples: Examples<Params, Reply> { Method.examples }

    let method: Method

    func handle(_ params: Params, _ call: Call) throws -> Reply { try self.method.handle(params, call) }
}
