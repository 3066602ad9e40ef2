/// `<schema>.rules.list`: the values of a module's rule table.
public struct ListRules<Owner: RuleOwner>: RPCMethod {
    public struct Params: Codable, Sendable {
        var rule: String?
        var asOf: LocalDate?
        var limit: Int?
        var after: String?
    }

    public struct Reply: Codable, Sendable {
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

    public static var name: String { "\(Owner.table.schema).rules.list" }
    public static var summary: String { Owner.listSummary }
    public static var effect: Effect { .read }
    public static var access: Access { Owner.readers }
    public static var params: Schema {
        .object(
            [
                .optional(
                    "rule", .code(1...20), "Only the values of this rule, such as \(Owner.example.line.key.rule)."),
                .optional("asOf", .date, "Only what is in effect on this day; every version unless told."),
            ] + Schema.pageParams)
    }
    public static var reply: Schema {
        .object(.required("rules", .array(Self.value, 0...500), "The values of this page."), Schema.pageReply)
    }

    private static var value: Schema {
        .object(
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
                "confidence", .enumeration(RuleConfidence.codes), "How sure the value is: H, M, L, or prod for our own."
            ),
            .required("reviewer", .text(1...60), "Who has reviewed it."),
            .required("validFrom", .date, "The first day on which it holds."),
            .optional("validTo", .date, "The last day, where one is known."),
            .required("summaryZh", .text(1...100), "What the value is, in Chinese."),
            .required("summaryEn", .text(1...200), "What the value is."),
            .required(
                "origin", .enumeration(RuleOrigin.codes),
                "Whether it was shipped, or revised by the county or the site."
            ))
    }

    public func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 3)
        let start = RuleTable.Cursor(
            rule: try page.after(0) ?? "", parameter: try page.after(1) ?? "", order: try page.after(2) ?? 0)
        let sql = Owner.table.list(
            rule: params.rule, asOf: params.asOf, site: try call.site.id, after: start, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, String, Int64).self) : nil
        return Reply(
            rules: .json(rows.json(RuleTable.columns)), next: last.map { Page.cursor($0, $1, String($2)) })
    }

    public static var examples: Examples<Params, Reply> {
        let line = Owner.example.line
        let position = Int64(line.version) * 100_000
        let value = Value(
            rule: line.key.rule, parameter: line.key.parameter, position: position, version: "\(line.version).0",
            value: line.value, unit: line.unit, tighter: line.tighter, national: line.isNational, source: line.source,
            confidence: line.confidence, reviewer: line.reviewer, validFrom: line.validFrom, validTo: line.validTo,
            summaryZh: line.summary.zh, summaryEn: line.summary.en, origin: .shipped)
        let cursor = Page.cursor(line.key.rule, line.key.parameter, String(position))
        return Examples(
            full: (
                Params(rule: line.key.rule, asOf: Owner.example.asOf, limit: 1, after: cursor),
                Reply(rules: .elements([value]), next: cursor)
            ), minimal: (Params(), Reply(rules: .elements([]))))
    }
}
