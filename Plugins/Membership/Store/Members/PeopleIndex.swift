internal import XinglinKit

/// What the index of persons is asked for. Names are never kept here.
enum PeopleIndex {
    static let uses = ["people.person.find", "people.person.getMany", "people.registration.create"]

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
