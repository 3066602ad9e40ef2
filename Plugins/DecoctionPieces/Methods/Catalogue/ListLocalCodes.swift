internal import XinglinKit

/// `decoction.localCode.list`
struct ListLocalCodes: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let codes: RowList<Code>
        var next: String?
    }

    struct Code: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let localCode: String
        let setAt: Timestamp
        let accountId: RecordID
    }

    static let name = "decoction.localCode.list"
    static let summary = "Lists what the site's own system (HIS) calls the pieces."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "codes",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name."),
                    .required("localCode", .text(1...40), "Its code in the site's own system."),
                    .required("setAt", .timestamp, "When it was recorded."),
                    .required("accountId", .id, "The account that recorded it.")),
                0...500), "The codes of this page, by piece."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            LocalCodeStore.list(site: call.site.id, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(codes: .json(rows.json(LocalCodeStore.columns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let code = Code(
            pieceCode: "XLYP0001", nameZh: "麻黄", localCode: "ZY000123", setAt: Sample.instant, accountId: Sample.account
        )
        return Examples(
            full: (Params(limit: 1, after: "XLYP0000"), Reply(codes: .elements([code]), next: "XLYP0001")),
            minimal: (Params(), Reply(codes: .elements([]))))
    }
}
