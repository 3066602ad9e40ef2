internal import XinglinKit

/// `decoction.replenishment.suggest`
struct SuggestReplenishment: RPCMethod {
    struct Params: Codable, Sendable {
        let usedDays: Int
        let coverDays: Int
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let pieces: RowList<Piece>
        var next: String?
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let usedMg: Int64
        let availableMg: Int64
        let suggestedMg: Int64
    }

    static let name = "decoction.replenishment.suggest"
    static let summary = """
        Lists the pieces of which there is less than some days need at the use of the last days, and how much is missing.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .required("usedDays", .integer(1...366), "Over how many days before today the use is taken."),
            .required("coverDays", .integer(1...366), "For how many days the stock should last."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "pieces",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name."),
                    .required("usedMg", .integer(1...Int64.max), "What was issued in those days, in milligrams."),
                    .required(
                        "availableMg", .integer(0...Int64.max), "What there is, what awaits acceptance included."),
                    .required("suggestedMg", .integer(1...Int64.max), "How much is missing.")),
                0...500), "The pieces of this page, by code."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            LedgerQueries.shortages(
                since: call.today.adding(days: -params.usedDays), days: params.usedDays, cover: params.coverDays,
                today: call.today, site: call.site.id, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            pieces: .json(rows.json(LedgerQueries.shortageColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let piece = Piece(
            pieceCode: "XLYP0001", nameZh: "麻黄", usedMg: 3_000_000, availableMg: 880_000, suggestedMg: 520_000)
        return Examples(
            full: (
                Params(usedDays: 30, coverDays: 14, limit: 1, after: "XLYP0000"),
                Reply(pieces: .elements([piece]), next: "XLYP0001")
            ), minimal: (Params(usedDays: 30, coverDays: 14), Reply(pieces: .elements([]))))
    }
}
