internal import XinglinKit

/// `people.person.get`
struct GetPerson: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        var unmask: Unmask?
    }

    /// What all of the data is needed for.
    struct Unmask: Codable, Sendable {
        let purpose: Purpose

        static let field = Schema.Field.optional(
            "unmask",
            .object(.required("purpose", .enumeration(Purpose.codes), "What for. It is audited.")),
            "Shows document, telephone and address whole.")
    }

    struct Reply: Codable, Sendable {
        let person: PersonCard
        let absorbed: [PersonCard]

        init(_ person: PersonCard, absorbed: [PersonCard]) {
            self.person = person
            self.absorbed = absorbed
        }

        init(from decoder: any Decoder) throws {
            self.person = try PersonCard(from: decoder)
            self.absorbed = try decoder.container(keyedBy: Key.self).decode([PersonCard].self, forKey: .absorbed)
        }

        func encode(to encoder: any Encoder) throws {
            try self.person.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(self.absorbed, forKey: .absorbed)
        }

        private enum Key: String, CodingKey { case absorbed }
    }

    static let name = "people.person.get"
    static let summary = """
        Shows a person that the readable sites know, document, telephone and address masked unless a purpose is named. \
        The id of a merged record gives the record that is kept.
        """
    static let effect = Effect.read
    static let access = PeopleAccess.reading
    static let params = Schema.object(.required("personId", .id, "The person."), Unmask.field)
    static let reply = Schema.object(
        PersonCard.fields + [
            .required(
                "absorbed", .array(.object(PersonCard.fields), 0...500),
                "The records that were merged into this one, each with what it had.")
        ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let unmasked = params.unmask != nil
        guard let (_, card) = try PersonStore.cards([params.personId], unmasked: unmasked, call).first else {
            throw PeopleFault.notFound("personId", params.personId)
        }
        let absorbed = try call.db.query(PersonStore.absorbed(by: card.personId), as: PersonCard.Columns.self)
            .map { try PersonCard($0, unmasked: unmasked, call) }
        call.recordAccess(
            basis: params.unmask?.purpose.rawValue ?? "view", subjects: [card.personId] + absorbed.map(\.personId))
        if unmasked { call.note("unmasked", true) }
        return Reply(card, absorbed: absorbed)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(personId: Sample.other, unmask: Unmask(purpose: .treatment)),
                Reply(Sample.card, absorbed: [PersonCard(sample: Sample.other)])
            ),
            minimal: (Params(personId: Sample.person), Reply(PersonCard(sample: Sample.person), absorbed: [])))
    }
}
