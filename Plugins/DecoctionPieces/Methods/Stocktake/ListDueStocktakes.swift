internal import XinglinKit

/// `decoction.stocktake.due`
struct ListDueStocktakes: RPCMethod {
    struct Reply: Codable, Sendable {
        let due: RowList<Due>
    }

    struct Due: Codable, Sendable {
        let locationId: RecordID
        var code: String?
        var nameZh: String?
        let scope: StocktakeScope
        var lastOn: LocalDate?
        let dueOn: LocalDate
        let overdue: Bool
    }

    static let name = "decoction.stocktake.due"
    static let summary = "Says when what lies at each place is to be counted next (8.2), the first first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object()
    static let reply = Schema.object(
        .required(
            "due",
            .array(
                .object(
                    .required("locationId", .id, "The place; the main store has the site's id."),
                    .optional("code", .code(1...20), "What its label says; the main store has none."),
                    .optional("nameZh", .text(1...60), "Its name."),
                    .required("scope", .enumeration(StocktakeScope.codes), "Which pieces."),
                    .optional("lastOn", .date, "When they were counted last."),
                    .required("dueOn", .date, "When they are to be counted."),
                    .required("overdue", .boolean, "Whether that day is over.")),
                0...100_000), "Each place and scope."))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let rules = try StocktakeRules(call).book
        let rows = try call.db.rows(
            StocktakeQueries.due(
                on: call.today, months: rules.number(.stocktakeMonths), toxicDays: rules.number(.stocktakeToxicDays),
                preciousDays: rules.number(.stocktakePreciousDays), site: call.site.id))
        return Reply(due: .json(rows.json(StocktakeQueries.dueColumns)))
    }

    static var examples: Examples<Empty, Reply> {
        let due = Due(
            locationId: Sample.location, code: "DX", nameZh: "毒性药品柜", scope: .toxic,
            lastOn: Sample.instant.localDate.adding(days: -2), dueOn: Sample.instant.localDate.adding(days: -1),
            overdue: true)
        return Examples(full: (Empty(), Reply(due: .elements([due]))), minimal: (Empty(), Reply(due: .elements([]))))
    }
}
