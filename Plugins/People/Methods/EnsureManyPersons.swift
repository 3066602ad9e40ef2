internal import XinglinKit

/// `people.person.ensureMany`
struct EnsureManyPersons: RPCMethod {
    struct Params: Codable, Sendable {
        let persons: [WrittenPerson]
        let purpose: Purpose
    }

    struct Reply: Codable, Sendable {
        let persons: [Ensured]
    }

    struct Ensured: Codable, Sendable {
        var personId: RecordID?
        let outcome: Outcome
    }

    /// What became of a person.
    enum Outcome: String, CaseIterable, Codable, Sendable {
        /// The index has the person anew.
        case added
        /// The index had the person; the acting site knows them from now on.
        case registered
        /// The acting site knew the person already.
        case known
        /// The document is recorded under another name: nothing was done.
        case otherName

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    static let name = "people.person.ensureMany"
    static let summary = """
        Makes the acting site know persons that another module's file names: those whose document the county's index has are registered here, \
        the others recorded. What the index says of somebody stays. Judge them with people.person.checkMany before.
        """
    static let effect = Effect.write
    static let access = Access.modules
    static let params = Schema.object(
        .required(
            "persons", .array(WrittenPerson.schema, 1...WrittenPerson.most),
            "The persons. One that cannot be recorded refuses them all."),
        .required("purpose", .enumeration(Purpose.codes), "What the site needs them for. It is kept and audited."))
    static let reply = Schema.object(
        .required(
            "persons",
            .array(
                .object(
                    .optional("personId", .id, "The person; absent with otherName."),
                    .required("outcome", .enumeration(Outcome.codes), "added, registered, known or otherName.")),
                0...WrittenPerson.most),
            "What became of each, in the order given."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let persons = try params.persons.enumerated().map { try Self.read($0.element, at: $0.offset, call) }
        let outcome = try PersonImport.apply(persons, basis: params.purpose, call)
        let ensured = persons.map { person in
            if outcome.added.contains(person.id) { return Ensured(personId: person.id, outcome: .added) }
            guard let holder = outcome.holders[person.id] else { return Ensured(outcome: .otherName) }
            return Ensured(personId: holder, outcome: outcome.known.contains(person.id) ? .known : .registered)
        }
        call.recordAccess(basis: params.purpose.rawValue, subjects: ensured.compactMap(\.personId))
        return Reply(persons: ensured)
    }

    /// - Throws: `host.invalidParams` with everything that is wrong with the person.
    private static func read(_ person: WrittenPerson, at place: Int, _ call: Call) throws -> PreparedPerson {
        switch try PersonImport.read(person.line(place), call) {
        case .success(let read): return read.person
        case .failure(let refusal):
            throw HostFault.invalidParams.fault(
                .array(
                    refusal.faults.map { fault in
                        let pointer = "/persons/\(place)" + (fault.field.map { "/\($0)" } ?? "")
                        return Schema.Violation(
                            pointer: pointer, expected: fault.text.en, expectedZh: fault.text.zh
                        ).json
                    }))
        }
    }

    static var examples: Examples<Params, Reply> {
        let person = WrittenPerson(nameZh: "张三", documentNumber: Sample.document.number)
        return Examples(
            full: (
                Params(
                    persons: [
                        WrittenPerson(
                            nameZh: "张三", sex: "女", birthDate: "1949-12-31", documentKind: "居民身份证",
                            documentNumber: Sample.document.number, phone: "138 0000 1234", address: "某县某镇某村一组")
                    ],
                    purpose: .administration),
                Reply(persons: [Ensured(personId: Sample.person, outcome: .added)])
            ),
            minimal: (
                Params(persons: [person], purpose: .administration), Reply(persons: [Ensured(outcome: .otherName)])
            ))
    }
}
