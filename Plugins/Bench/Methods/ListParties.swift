internal import XinglinKit

/// `bench.party.list`
struct ListParties: RPCMethod {
    struct Params: Codable, Sendable {
        let from: Int64
    }

    struct Reply: Codable, Sendable {
        let parties: RowList<Line>
    }

    struct Line: Codable, Sendable {
        let id: Int64
        let code: String
        let name: String
        var birth: LocalDate?
        var sex: String?
        var phone: String?
        let active: Bool
    }

    static let name = "bench.party.list"
    static let summary = "Lists fifty generated parties by name."
    static let effect = Effect.read
    static let access = BenchModule.access
    static let params = Schema.object(
        .required("from", .integer(0...99_999), "The number in the name of the first: `Patient 00042` for 42."))
    static let reply = Schema.object(
        .required(
            "parties",
            .array(
                .object(
                    .required("id", .integer(1...Int64.max), "The party's number."),
                    .required("code", .text(1...100), "Its code."),
                    .required("name", .text(1...100), "Its generated name."),
                    .optional("birth", .date, "Its generated date of birth."),
                    .optional("sex", .text(1...1), "F or M."),
                    .optional("phone", .text(1...40), "Its generated telephone number."),
                    .required("active", .boolean, "Whether it is in use.")),
                0...50),
            "The parties, in the order of their names."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let rows = try call.db.rows(PartyStore.list(from: params.from, site: call.site.id))
        return Reply(parties: .json(rows.json(PartyStore.columns)))
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            id: 1, code: "P000001", name: "Patient 07919", birth: LocalDate(daysSince1970: -10_926), sex: "M",
            phone: "+86-10-00000001", active: true)
        return Examples(
            full: (Params(from: 7919), Reply(parties: .elements([line]))),
            minimal: (Params(from: 99_999), Reply(parties: .elements([]))))
    }
}
