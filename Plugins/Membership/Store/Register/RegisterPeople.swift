internal import XinglinKit

/// What the register asks the index of persons for, many at a time. Names and numbers are never kept here.
enum RegisterPeople {
    static let uses = ["people.person.checkMany", "people.person.ensureMany", "people.person.unmaskMany"]

    /// A person as a line writes them.
    struct Written: Codable, Sendable {
        var nameZh: String?
        var sex: String?
        var birthDate: String?
        var documentKind: String?
        var documentNumber: String?
        var phone: String?
    }

    struct Judged: Decodable, Sendable {
        let faults: [Objection]
        var personId: RecordID?
        var documentNumber: String?
        var birthDate: LocalDate?
    }

    struct Objection: Decodable, Sendable {
        var field: String?
        let textZh: String
        let textEn: String

        var fault: ImportFault { ImportFault(self.field, .init(zh: self.textZh, en: self.textEn)) }
    }

    struct Ensured: Decodable, Sendable {
        /// Absent where the document is recorded under another name.
        var personId: RecordID?
    }

    /// A person with all that the index has.
    struct Whole: Decodable, Sendable {
        let askedId: RecordID?
        let personId: RecordID
        let nameZh: String
        let sexZh: String
        let birthDate: LocalDate?
        let documentNumber: String?
        let phone: String?
    }

    private struct Asked: Encodable { let persons: [Written] }
    private struct Verdicts: Decodable { let persons: [Judged] }
    private struct Making: Encodable {
        let persons: [Written]
        let purpose = "administration"
    }
    private struct Made: Decodable { let persons: [Ensured] }
    private struct Opening: Encodable {
        let personIds: [RecordID]
        let purpose = "administration"
    }
    private struct Opened: Decodable { let persons: [Whole] }

    /// Persons of one call.
    private static let most = 1000
    private static let mostWhole = 500

    /// One verdict for each person, in order.
    static func judge(_ persons: [Written], _ call: Call) throws -> [Judged] {
        try Self.portions(persons, of: Self.most).flatMap { part -> [Judged] in
            let reply: Verdicts = try call.module("people.person.checkMany", Asked(persons: part))
            guard reply.persons.count == part.count else { throw HostFault.internal.fault() }
            return reply.persons
        }
    }

    /// Makes the acting site know the persons; one result for each, in order.
    static func ensure(_ persons: [Written], _ call: Call) throws -> [Ensured] {
        try Self.portions(persons, of: Self.most).flatMap { part -> [Ensured] in
            let reply: Made = try call.module("people.person.ensureMany", Making(persons: part))
            guard reply.persons.count == part.count else { throw HostFault.internal.fault() }
            return reply.persons
        }
    }

    /// Whole persons by the ids asked for.
    static func whole(_ ids: [RecordID], _ call: Call) throws -> [RecordID: Whole] {
        var found: [RecordID: Whole] = [:]
        for part in Self.portions(ids, of: Self.mostWhole) {
            let reply: Opened = try call.module("people.person.unmaskMany", Opening(personIds: part))
            for person in reply.persons { found[person.askedId ?? person.personId] = person }
        }
        return found
    }

    private static func portions<Element>(_ all: [Element], of size: Int) -> [[Element]] {
        stride(from: 0, to: all.count, by: size).map { Array(all[$0..<min($0 + size, all.count)]) }
    }
}
