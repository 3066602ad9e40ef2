internal import XinglinKit

/// What the index of persons is asked for. Names are never kept here.
enum PeopleIndex {
    static let uses = [
        "people.person.find", "people.person.get", "people.person.getMany", "people.registration.create",
    ]

    private struct Asked: Encodable { let personIds: [RecordID] }
    private struct Found: Decodable { let persons: [Person] }

    /// A person as the index has them.
    struct Person: Decodable, Sendable {
        let askedId: RecordID?
        let personId: RecordID
        let nameZh: String
        let sex: String
        let birthDate: LocalDate?
        let documentKind: String?
    }

    private struct AskedOne: Encodable { let personId: RecordID }
    private struct FoundOne: Decodable {
        struct Absorbed: Decodable { let personId: RecordID }
        let personId: RecordID
        let absorbed: [Absorbed]
    }

    /// The ids under which a person may have been recorded: that of the record kept, and those merged into it.
    static func everyID(of person: RecordID, _ call: Call) throws -> [RecordID] {
        do {
            let found: FoundOne = try call.module("people.person.get", AskedOne(personId: person))
            return Array(Set([person, found.personId] + found.absorbed.map(\.personId))).sorted()
        } catch let fault as Fault where fault.kind == HostFault.notFound {
            return [person]
        }
    }

    /// Persons by the ids asked for.
    static func persons(_ ids: [RecordID], _ call: Call) throws -> [RecordID: Person] {
        var found: [RecordID: Person] = [:]
        var rest = ArraySlice(ids)
        while !rest.isEmpty {
            let part = Array(rest.prefix(500))
            rest = rest.dropFirst(500)
            let reply: Found = try call.module("people.person.getMany", Asked(personIds: part))
            for person in reply.persons { found[person.askedId ?? person.personId] = person }
        }
        return found
    }

    /// The person, under the id of the record that is kept where two were merged.
    /// - Throws: `host.notFound` where the acting site does not know the person.
    static func person(_ id: RecordID, _ call: Call) throws -> Person {
        guard let person = try Self.persons([id], call)[id] else { throw MembershipFault.notFound("personId", id) }
        return person
    }
}
