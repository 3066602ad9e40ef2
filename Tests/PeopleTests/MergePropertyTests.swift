import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import People

struct MergePropertyTests {
    @Test(
        "after any sequence of register, update, merge and unmerge every id gives what the model says, and nothing is lost"
    )
    func randomSequences() async throws {
        let random = SeededGenerator.printed("merge")
        var walk = try await MergeWalk(township: Township.open(), random: random)
        // Long enough for everything to happen, whatever the seed.
        var step = 0
        while step < 90 || (step < 900 && !walk.isRich) {
            step += 1
            try await walk.step()
            try await walk.check("step \(step)")
        }
        #expect(walk.isRich)
    }
}

/// A plain model of the index beside the real one.
struct MergeWalk {
    struct Record {
        let id: JSONValue
        var name: String
        var document: String?
        var phone: String?
        var temporaryNumber: JSONValue?
        var version: Int64 = 1
        var sites: Set<String>
        var mergedInto: Int?
    }

    let township: Township
    let office: TestClient
    let clients: [String: TestClient]
    var random: SeededGenerator
    var people: TestPeople
    var records: [Record] = []
    var merges = 0
    var unmerges = 0
    var refusals: Set<String> = []

    init(township: Township, random: SeededGenerator) async throws {
        self.township = township
        self.office = try await township.client(.siteAdmin, "county", reach: .subtree)
        self.clients = [
            "t1": try await township.client(.siteAdmin, "t1"), "t2": try await township.client(.siteAdmin, "t2"),
        ]
        self.random = random
        self.people = TestPeople(seed: self.random.next())
    }

    var isRich: Bool { self.merges > 5 && self.unmerges > 2 && self.refusals.contains("people.personMerged") }

    func root(_ index: Int) -> Int { self.records[index].mergedInto.map { self.root($0) } ?? index }

    func group(_ index: Int) -> [Int] { self.records.indices.filter { self.root($0) == self.root(index) } }

    mutating func step() async throws {
        let dice = Int.random(in: 0..<100, using: &self.random)
        guard self.records.count > 2, dice >= 18 || self.records.count >= 14 && dice >= 4 else {
            return try await self.register()
        }
        let one = Int.random(in: 0..<self.records.count, using: &self.random)
        let other = Int.random(in: 0..<self.records.count, using: &self.random)
        switch dice {
        case ..<45: try await self.update(one)
        case ..<78: try await self.merge(one, other)
        case ..<92: try await self.unmerge(one)
        default: try await self.enrol(one)
        }
    }

    private mutating func register() async throws {
        let site = Bool.random(using: &self.random) ? "t1" : "t2"
        let client = try #require(self.clients[site])
        let person = self.people.next()
        let isKnown = Int.random(in: 0..<3, using: &self.random) > 0
        let params: JSONValue = isKnown ? person.params : ["nameZh": .string(person.nameZh), "sex": "unknown"]
        let reply = try await client.call("people.person.register", params)
        self.records.append(
            Record(
                id: try #require(reply["personId"]), name: person.nameZh, document: isKnown ? person.citizenId : nil,
                phone: isKnown ? person.phone : nil, temporaryNumber: reply["temporaryNumber"], sites: [site]))
    }

    private mutating func update(_ index: Int) async throws {
        let phone = self.people.next().phone
        let name = self.people.next().nameZh
        let record = self.records[index]
        let isSame = record.phone == phone && record.name == name
        let params: JSONValue = [
            "personId": record.id, "version": .integer(record.version), "phone": .string(phone),
            "nameZh": .string(name),
        ]
        let isExpected = try await self.expect(
            record.mergedInto == nil ? nil : "people.personMerged", "people.person.update", params)
        guard isExpected else { return }
        self.records[index].phone = phone
        self.records[index].name = name
        if !isSame { self.records[index].version += 1 }
    }

    private mutating func merge(_ keep: Int, _ drop: Int) async throws {
        let isMerged = self.records[keep].mergedInto != nil || self.records[drop].mergedInto != nil
        let reason = keep == drop ? "people.mergeWithItself" : isMerged ? "people.personMerged" : nil
        let params: JSONValue = ["keep": self.records[keep].id, "drop": self.records[drop].id, "reason": "同一人"]
        guard try await self.expect(reason, "people.person.merge", params) else { return }
        self.records[drop].mergedInto = keep
        self.merges += 1
    }

    private mutating func unmerge(_ drop: Int) async throws {
        let reason = self.records[drop].mergedInto == nil ? "people.notMerged" : nil
        self.township.pass(seconds: Int64(self.merges + self.unmerges + 1))
        let params: JSONValue = ["drop": self.records[drop].id, "reason": "误合并"]
        guard try await self.expect(reason, "people.person.unmerge", params) else { return }
        self.records[drop].mergedInto = nil
        self.unmerges += 1
    }

    private mutating func enrol(_ index: Int) async throws {
        let site = Bool.random(using: &self.random) ? "t1" : "t2"
        let reply = try await self.clients[site]?.call(
            "people.registration.create", ["personId": self.records[index].id, "basis": "treatment"])
        let root = self.root(index)
        #expect(reply?["personId"] == self.records[root].id)
        #expect(reply?["created"] == .bool(!self.records[root].sites.contains(site)))
        self.records[root].sites.insert(site)
    }

    /// Whether the call was done, which it must be exactly where no reason is expected.
    private mutating func expect(_ reason: String?, _ method: String, _ params: JSONValue) async throws -> Bool {
        guard let reason else {
            try await self.office.call(method, params)
            return true
        }
        let refused = try await self.township.refusal(method, params, by: self.office)
        #expect(refused.reason == reason, "\(method)")
        self.refusals.insert(reason)
        return false
    }
}

extension MergeWalk {
    /// Compares every id, document and site with the model.
    func check(_ step: String) async throws {
        for index in self.records.indices {
            let root = self.root(index)
            let shown = try await self.township.get(self.records[index].id, by: self.office, unmask: "registration")
            #expect(shown["personId"] == self.records[root].id, "\(step)")
            let mergedInto: JSONValue? = root == index ? .none : .some(self.records[root].id)
            #expect(shown["mergedInto"] == mergedInto, "\(step)")
            if root == index { self.compare(shown, index, step) }
        }
        for (site, client) in self.clients {
            let ids = self.records.map(\.id)
            let reply = try await client.call("people.person.getMany", ["personIds": .array(ids)])
            let expected = self.records.indices.filter { index in
                !self.group(index).contains { self.records[$0].sites.contains(site) }
            }
            #expect(reply["missing"] == .array(expected.map { ids[$0] }), "\(step) at \(site)")
        }
        for index in self.records.indices {
            guard let document = self.records[index].document else { continue }
            let found = try await self.office.call("people.person.find", ["documentNumber": .string(document)])
            #expect(
                found["persons"]?.arrayValue?.map { $0["personId"] } == [self.records[self.root(index)].id], "\(step)")
        }
    }

    private func compare(_ shown: JSONValue, _ index: Int, _ step: String) {
        let group = self.group(index)
        #expect(shown["nameZh"]?.stringValue == self.records[index].name, "\(step)")
        #expect(shown["phone"]?.stringValue == self.records[index].phone, "\(step)")
        #expect(shown["version"]?.integerValue == self.records[index].version, "\(step)")
        if let document = self.records[index].document {
            #expect(shown["documentNumber"]?.stringValue == document, "\(step)")
        }
        let absorbed = shown["absorbed"]?.arrayValue ?? []
        #expect(
            Set(absorbed.compactMap { $0["personId"]?.stringValue })
                == Set(group.filter { $0 != index }.compactMap { self.records[$0].id.stringValue }), "\(step)")
        for entry in absorbed {
            guard let member = group.first(where: { self.records[$0].id == entry["personId"] }) else { continue }
            #expect(entry["nameZh"]?.stringValue == self.records[member].name, "\(step)")
            #expect(entry["phone"]?.stringValue == self.records[member].phone, "\(step)")
            #expect(entry["documentNumber"]?.stringValue == self.records[member].document, "\(step)")
        }
        let numbers = Set(group.compactMap { self.records[$0].temporaryNumber?.stringValue })
        #expect(
            Set(shown["temporaryNumbers"]?.arrayValue?.compactMap(\.stringValue) ?? []) == numbers, "\(step)")
    }
}
