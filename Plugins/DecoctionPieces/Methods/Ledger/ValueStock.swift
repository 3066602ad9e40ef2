internal import XinglinKit

/// `decoction.stock.value`
struct ValueStock: RPCMethod {
    struct Params: Codable, Sendable {
        var asOf: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let asOf: LocalDate
        let totalFen: Int64
        let pieces: RowList<Piece>
        var next: String?
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let onHandMg: Int64
        let valueFen: Int64
        let lots: Int64
    }

    static let name = "decoction.stock.value"
    static let summary = """
        What was on hand of each piece at the end of a day and what it cost, batch by batch, each rounded to the fen (PC-04).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [.optional("asOf", .date, "The day; today unless told.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("asOf", .date, "The day."),
        .required("totalFen", .integer(Int64.min...Int64.max), "What all pieces cost, in fen; of every page the same."),
        .required(
            "pieces",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name."),
                    .required("onHandMg", .integer(Int64.min...Int64.max), "What there was, in milligrams."),
                    .required("valueFen", .integer(Int64.min...Int64.max), "What it cost, in fen."),
                    .required("lots", .integer(1...Int64.max), "In how many lots.")),
                0...500), "The pieces of this page, by code."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        // Nothing is booked in the future: a later day is today.
        let day = params.asOf ?? call.today
        let asked = try Asked(ReportPeriod(asOf: min(day, call.today), today: call.today), call).atEnd
        let results = try call.db.batch([
            Statement(LedgerQueries.totalValue(asked)),
            Statement(LedgerQueries.values(asked, after: page.after(0) ?? "", limit: page.limit + 1)),
        ])
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            asOf: day, totalFen: try results[0].first(as: Int64.self) ?? 0,
            pieces: .json(rows.json(LedgerQueries.valueColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let day = Sample.instant.localDate
        let piece = Piece(pieceCode: "XLYP0001", nameZh: "麻黄", onHandMg: 4_880_000, valueFen: 33_184, lots: 1)
        return Examples(
            full: (
                Params(asOf: day, limit: 1, after: "XLYP0000"),
                Reply(asOf: day, totalFen: 2_713_600, pieces: .elements([piece]), next: "XLYP0001")
            ), minimal: (Params(), Reply(asOf: day, totalFen: 0, pieces: .elements([]))))
    }
}
