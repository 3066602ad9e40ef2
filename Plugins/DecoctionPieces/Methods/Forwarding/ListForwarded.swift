internal import XinglinKit

/// `decoction.forwarded.list`
struct ListForwarded: RPCMethod {
    struct Params: Codable, Sendable {
        var side: String?
        var state: ForwardingState?
        var overdue: Bool?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let forwarded: [ForwardingCard]
        var next: String?
    }

    static let name = "decoction.forwarded.list"
    static let summary = """
        Lists the prescriptions that the acting site sent to another's pharmacy and those that its own pharmacy received, with how far they \
        are, the newest first.
        """
    static let effect = Effect.read
    static let access = Access.roles([.doctor, .pharmacist, .reviewer])
    static let params = Schema.object(
        [
            .optional("side", .enumeration(ForwardingCard.sides), "Only those sent from here, or only those received."),
            .optional("state", .enumeration(ForwardingState.codes), "Only those in this state."),
            .optional("overdue", .boolean, "true: only those whose medicine is on its way for longer than it may be."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("forwarded", .array(ForwardingCard.schema, 0...500), "The prescriptions of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let filter = ForwardingQueries.Filter(
            side: params.side, state: params.state, isOverdue: params.overdue ?? false)
        let found = try call.db.rows(
            ForwardingQueries.list(
                filter, site: call.site.id, today: call.today,
                before: page.after(0) ?? RecordID(high: .max, low: .max), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let cards = try ForwardingCard.read(rows, call)
        call.recordAccess(basis: "treatment", subjects: Array(Set(cards.map(\.patientId))).sorted())
        return Reply(
            forwarded: cards, next: hasMore ? cards.last.map { Page.cursor($0.forwardingId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let cursor = Page.cursor(Sample.forwarding.description)
        return Examples(
            full: (
                Params(side: "received", state: .inTransit, overdue: false, limit: 1, after: cursor),
                Reply(forwarded: [.full], next: cursor)
            ), minimal: (Params(), Reply(forwarded: [])))
    }
}
