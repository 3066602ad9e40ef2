internal import XinglinKit

/// `people.person.getMany`
struct GetManyPersons: RPCMethod {
    struct Params: Codable, Sendable {
        let personIds: [RecordID]
    }

    struct Reply: Codable, Sendable {
        let persons: [PersonCard]
        let missing: [RecordID]
    }

    static let name = "people.person.getMany"
    static let summary = """
        Shows persons that the readable sites know, masked, for other modules above all; ids that none of these sites \
        knows are listed as missing.
        """
    static let effect = Effect.read
    static let access = PeopleAccess.desk
    static let params = Schema.object(
        .required("personIds", .array(.id, 1...500), "The persons; ids of merged records give the records kept."))
    static let reply = Schema.object(
        .required(
            "persons", .array(.object(PersonCard.fields), 0...500),
            "The persons in the order asked, each with `askedId`; an id asked for twice comes once."),
        .required("missing", .array(.id, 0...500), "The ids that no readable site knows."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        var seen: Set<RecordID> = []
        let ids = params.personIds.filter { seen.insert($0).inserted }
        let found = try PersonStore.cards(ids, call)
        let known = Set(found.map(\.0))
        call.recordAccess(basis: "view", subjects: found.map(\.1.personId))
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
                Params(personIds: [Sample.person, Sample.other]),
                Reply(persons: [Sample.card], missing: [Sample.other])
            ),
            minimal: (Params(personIds: [Sample.other]), Reply(persons: [], missing: [Sample.other])))
    }
}
