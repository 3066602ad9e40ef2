internal import XinglinKit

/// `decoction.price.list`
struct ListPrices: RPCMethod {
    struct Params: Codable, Sendable {
        var asOf: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let markUpPercent: Int64
        let prices: RowList<Price>
        var next: String?
    }

    struct Price: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let revision: Int
        let priceFenPerKg: Int64
        let validFrom: LocalDate
        var costFenPerKg: Int64?
        var greatestFenPerKg: Int64?
        let aboveMarkUp: Bool
        let at: Timestamp
        let accountId: RecordID
        let reason: String
    }

    static let name = "decoction.price.list"
    static let summary = """
        Lists the site's prices as of a day, each with what it may be at the most by today's lots: a cheaper lot that came in \
        later shows as aboveMarkUp (PC-04).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(
        [.optional("asOf", .date, "The prices that hold on this day; today unless told.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("markUpPercent", .integer(0...1000), "The greatest mark-up today, in percent."),
        .required("prices", .array(Self.price, 0...500), "The prices of this page, by piece."), Schema.pageReply)

    private static let price = Schema.object(
        .required("pieceCode", .code(1...20), "The piece."),
        .required("nameZh", .text(1...20), "Its name."),
        .required("revision", .integer(1...Int64.max), "The how-manieth price of the piece it is."),
        .required("priceFenPerKg", .integer(0...10_000_000_000), "The price of a kilogram, in fen."),
        .required("validFrom", .date, "From which day it holds."),
        .optional(
            "costFenPerKg", .integer(0...10_000_000_000), "The least cost of the lots that can be issued, if any."),
        .optional("greatestFenPerKg", .integer(0...100_000_000_000), "The highest price allowed on that cost."),
        .required("aboveMarkUp", .boolean, "Whether the price is above it by now, and has to be lowered."),
        .required("at", .timestamp, "When it was set."),
        .required("accountId", .id, "The account that set it."),
        .required("reason", .text(1...200), "Why."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let site = try call.site.id
        let rules = try PharmacyRules.book(on: call.today, call)
        let percent = try rules.number(.markUpPercent)
        let found = try call.db.rows(
            PriceStore.list(
                on: params.asOf ?? call.today, today: call.today, markUpPercent: percent, site: site,
                after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            markUpPercent: percent, prices: .json(rows.json(PriceStore.columns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let price = Price(
            pieceCode: "XLYP0001", nameZh: "麻黄", revision: 1, priceFenPerKg: 8_500, validFrom: Sample.instant.localDate,
            costFenPerKg: 6_800, greatestFenPerKg: 8_500, aboveMarkUp: false, at: Sample.instant,
            accountId: Sample.account, reason: "首次定价")
        return Examples(
            full: (
                Params(asOf: Sample.instant.localDate, limit: 1, after: "XLYP0000"),
                Reply(markUpPercent: 25, prices: .elements([price]), next: "XLYP0001")
            ), minimal: (Params(), Reply(markUpPercent: 25, prices: .elements([]))))
    }
}
