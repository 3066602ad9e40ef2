internal import XinglinKit

/// `membership.committee.figures`
struct CountElections: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let from: LocalDate
        let to: LocalDate
    }

    struct Reply: Codable, Sendable {
        let elections: Int
        let withoutResult: Int
        let first: Int
        let onTime: Int
        let putOff: Int
        let late: Int
        let early: Int
        let adjusted: Int
        let left: Int
    }

    static let name = "membership.committee.figures"
    static let summary = """
        Counts the elections of an organisation and all below it in some days by how they lay to their terms (BR-04), and the members who \
        were given a post between elections or left one.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.figures
    static let params = Schema.object(
        .required("organizationId", .id, "The organisation."), .required("from", .date, "The first day."),
        .required("to", .date, "The last day; today or earlier."))
    static let reply = Schema.object(
        .required("elections", .integer(0...100_000), "Elections that elected somebody."),
        .required("withoutResult", .integer(0...100_000), "Elections that were invalid or elected nobody."),
        .required("first", .integer(0...100_000), "Of the elections, those without a term before."),
        .required("onTime", .integer(0...100_000), "Those held in the last months of the term."),
        .required("putOff", .integer(0...100_000), "Those held later with approval."),
        .required("late", .integer(0...100_000), "Those held after they were due."),
        .required("early", .integer(0...100_000), "Those held earlier with approval."),
        .required(
            "adjusted", .integer(0...100_000),
            "Members who were given a post between elections, each once in an organisation."),
        .required(
            "left", .integer(0...100_000),
            "Members who left a post before the term ended, each once in an organisation."))
    static let faults = [MembershipFault.organizationEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try MembershipFault.mustBeDays(from: params.from, to: params.to, today: call.today)
        let one = try Organizations.readable(params.organizationId, on: params.to, call)
        let figures = OfficeStore.figures(one.id, from: params.from, to: params.to)
        let row =
            try call.db.first(figures, as: (Int, Int, Int, Int, Int, Int, Int, Int, Int).self) ?? (
                0, 0, 0, 0, 0, 0, 0, 0, 0
            )
        return Reply(
            elections: row.0, withoutResult: row.1, first: row.2, onTime: row.3, putOff: row.4, late: row.5,
            early: row.6,
            adjusted: row.7, left: row.8)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(organizationId: Sample.committee, from: Sample.founded, to: Sample.today),
            reply: Reply(
                elections: 4, withoutResult: 1, first: 3, onTime: 1, putOff: 0, late: 0, early: 0, adjusted: 15, left: 2
            )
        )
        return Examples(full: example, minimal: example)
    }
}
