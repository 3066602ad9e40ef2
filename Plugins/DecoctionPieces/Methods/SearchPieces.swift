internal import XinglinKit

/// `decoction.piece.search`
struct SearchPieces: RPCMethod {
    struct Params: Codable, Sendable {
        let query: String
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let pieces: RowList<FoundPiece>
        var next: String?
    }

    static let name = "decoction.piece.search"
    static let summary =
        "Finds pieces in the catalogue by Chinese name, pinyin, initials or code, the best match first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(
        [
            .required(
                "query", .text(1...60),
                """
                Part of the name (麻黄), the beginning of its pinyin (mahuang, ü as v) or of its initials (mh), or a whole code. \
                Either case, full width and blanks within are fine.
                """)
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("pieces", .array(FoundPiece.schema, 0...500), "The pieces of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard let query = SearchQuery(params.query) else {
            throw Fault.invalid("/query", expected: "a name, pinyin, initials or a code", zh: "名称、拼音、首字母或代码")
        }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            PieceStore.search(query, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(pieces: .json(rows.json(PieceStore.columns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(query: "mh", limit: 1, after: "XLYP0001"),
                Reply(pieces: .elements([.example]), next: "XLYP0005")
            ),
            minimal: (Params(query: "麻黄"), Reply(pieces: .elements([]))))
    }
}
