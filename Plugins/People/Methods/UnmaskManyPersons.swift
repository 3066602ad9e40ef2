internal import XinglinKit

/// `people.person.unmaskMany`
struct UnmaskManyPersons: RPCMethod {
    struct Params: Codable, Sendable {
        let personIds: [RecordID]
        let purpose: Purpose
    }

    struct Reply: Codable, Sendable {
        let persons: [PersonCard]
        let missing: [RecordID]
    }

    static let name = "people.person.unmaskMany"
    static let summary = """
        Shows another module persons that the readable sites know, with whole document, telephone and address, for its exports. \
        Each is audited with the purpose.
        """
    static let effect = Effect.read
    static let access = Access.modules
    static let params = Schema.object(
        .required("personIds", .array(.id, 1...500), "The persons; ids of merged records give the records kept."),
        .required("purpose", .enumeration(Purpose.codes), "What all of it is needed for. It is audited."))
    static let reply = Schema.object(
        .required(
            "persons", .array(.object(PersonCard.fields), 0...500),
            "The persons in the order asked, each with `askedId`; an id asked for twice comes once."),
        .required("missing", .array(.id, 0...500), "The ids that no readable site knows."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        var seen: Set<RecordID> = []
        let ids = params.personIds.filter { seen.insert($0).inserted }
        let found = try PersonStore.cards(ids, unmasked: true, call)
        let known = Set(found.map(\.0))
        call.recordAccess(basis: params.purpose.rawValue, subjects: found.map(\.1.personId))
        return Reply(
            persons: found.map { id, card in
                var card = card
                card.askedId = id
                return card
            }, missing: ids.filter { !known.contains($0) })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(personIds: [Sample.person, Sample.other], purpose: .administration),
                Reply(persons: [Sample.card], missing: [Sample.other])
            ),
            minimal: (
                Params(personIds: [Sample.other], purpose: .administration),
                Reply(persons: [], missing: [Sample.other])
            ))
    }
}
