internal import XinglinKit

/// `decoction.rules.list`
struct ListRules: RPCMethod {
    struct Params: Codable, Sendable {
        var rule: String?
        var asOf: LocalDate?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let rules: RowList<Value>
        var next: String?
    }

    struct Value: Codable, Sendable {
        let rule: String
        let parameter: String
        let position: Int64
        let version: String
        let value: String
        let unit: String
        let tighter: Tighter
        let national: Bool
        let source: String
        let confidence: RuleConfidence
        let reviewer: String
        let validFrom: LocalDate
        var validTo: LocalDate?
        let summaryZh: String
        let summaryEn: String
        let origin: RuleOrigin
    }

    static let name = "decoction.rules.list"
    static let summary = """
        Lists the values that the rules PC-*, RX-*, of storage, dispensing, boiling and stocktakes judge by, each with its \
        version, source, reviewer and validity.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("rule", .code(1...20), "Only the values of this rule, such as RX-03."),
            .optional("asOf", .date, "Only what is in effect on this day; every version unless told."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("rules", .array(Self.value, 0...500), "The values of this page."), Schema.pageReply)

    private static let value = Schema.object(
        .required("rule", .code(1...20), "The rule."),
        .required("parameter", .code(1...40), "Which of its values."),
        .required("position", .integer(1...Int64.max), "Its place among the versions of the value."),
        .required(
            "version", .code(1...20), "Shipped version and county's revision (1.2), or the site's revision (s3)."),
        .required("value", .text(1...200), "The value; names stand between semicolons."),
        .required("unit", .code(1...20), "The unit of the value; code and names are words."),
        .required("tighter", .enumeration(Tighter.codes), "Which way it is stricter."),
        .required("national", .boolean, "Whether it may only be tightened."),
        .required("source", .text(1...200), "Statute and clause, or who decided it."),
        .required(
            "confidence", .enumeration(RuleConfidence.codes), "How sure the value is: H, M, L, or prod for our own."),
        .required("reviewer", .text(1...60), "Who has reviewed it."),
        .required("validFrom", .date, "The first day on which it holds."),
        .optional("validTo", .date, "The last day, where one is known."),
        .required("summaryZh", .text(1...100), "What the value is, in Chinese."),
        .required("summaryEn", .text(1...200), "What the value is."),
        .required(
            "origin", .enumeration(RuleOrigin.codes), "Whether it was shipped, or revised by the county or the site."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 3)
        let start = RuleStore.Cursor(
            rule: try page.after(0) ?? "", parameter: try page.after(1) ?? "", order: try page.after(2) ?? 0)
        let sql = RuleStore.list(
            rule: params.rule, asOf: params.asOf, site: try call.site.id, after: start, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, String, Int64).self) : nil
        return Reply(
            rules: .json(rows.json(RuleStore.columns)), next: last.map { Page.cursor($0, $1, String($2)) })
    }

    static var examples: Examples<Params, Reply> {
        let value = Value(
            rule: "RX-03", parameter: "days", position: 100_000, version: "1.0", value: "7", unit: "days",
            tighter: .lower,
            national: true, source: "处方管理办法（卫生部令第53号） 第十九条", confidence: .high, reviewer: "待主任中药师复核",
            validFrom: LocalDate(daysSince1970: 13_634), validTo: Sample.expiresOn, summaryZh: "一般处方用药天数上限",
            summaryEn: "Days of supply of an ordinary prescription", origin: .shipped)
        return Examples(
            full: (
                Params(
                    rule: "RX-03", asOf: Sample.instant.localDate, limit: 1,
                    after: Page.cursor("RX-03", "days", "100000")),
                Reply(rules: .elements([value]), next: Page.cursor("RX-03", "days", "100000"))
            ), minimal: (Params(), Reply(rules: .elements([]))))
    }
}

/// Whose value it is.
enum RuleOrigin: String, CaseIterable, Codable, Sendable {
    case shipped, county, site

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
