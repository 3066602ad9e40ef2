internal import XinglinKit

/// `membership.transfer.list`
struct ListTransfers: RPCMethod {
    struct Params: Codable, Sendable {
        var direction: String?
        var state: TransferState?
        var unmask: GetMember.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let transfers: [TransferCard]
        var next: String?
    }

    static let name = "membership.transfer.list"
    static let summary = """
        Lists the transfers that the acting site gives or receives, the newest first; a letter that is overdue today is expired. Names \
        are masked unless a purpose is named; each look is audited.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        [
            .optional(
                "direction", .enumeration(TransferCard.directions),
                "in: only those that the acting site receives; out: only those that it gives."),
            .optional("state", .enumeration(TransferState.codes), "Only those in this state today."),
            GetMember.Unmask.field,
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("transfers", .array(TransferCard.schema, 0...500), "The transfers of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let filter = TransferQueries.Filter(direction: params.direction, state: params.state)
        let found = try call.db.rows(
            TransferQueries.list(
                filter, site: call.site.id, today: call.today, before: page.after(0) ?? TransferQueries.end,
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let cards = try TransferCard.read(rows, unmask: params.unmask, call)
        return Reply(
            transfers: cards, next: hasMore ? cards.last.map { Page.cursor($0.transferId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let cursor = Page.cursor(Sample.transfer.description)
        return Examples(
            full: (
                Params(
                    direction: "in", state: .letterIssued, unmask: GetMember.Unmask(purpose: .transfer), limit: 1,
                    after: cursor), Reply(transfers: [.full], next: cursor)
            ), minimal: (Params(), Reply(transfers: [])))
    }
}
