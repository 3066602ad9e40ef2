// How a rule table is listed.
extension RuleTable {
    /// Where a page of `list` starts: behind the row with these fields.
    struct Cursor {
        var rule = ""
        var parameter = ""
        var order: Int64 = 0
    }

    /// Every value of the county and the site, or of one rule, or in effect on a day; `validTo` is the last day on which it held
    /// or will hold.
    func list(rule: String?, asOf day: LocalDate?, site: RecordID, after last: Cursor, limit: Int) -> SQL {
        """
        WITH every AS (
            SELECT rule, parameter, version::bigint * 100000 + revision AS position, version || '.' || revision AS version,
                value, unit, tighter, is_national, source, confidence, reviewer, valid_from, valid_to, summary_zh,
                summary_en, CASE WHEN revision = 0 THEN 'shipped' ELSE 'county' END AS origin
            FROM \(literal: self.schema).rule
            UNION ALL
            SELECT site.rule, site.parameter, 1000000000000 + site.revision, 's' || site.revision, site.value, shipped.unit,
                shipped.tighter, shipped.is_national, site.source, shipped.confidence, site.reviewer, site.valid_from, NULL,
                shipped.summary_zh, shipped.summary_en, 'site'
            FROM \(literal: self.schema).site_rule AS site,
                LATERAL (SELECT * FROM \(literal: self.schema).rule
                         WHERE rule.rule = site.rule AND rule.parameter = site.parameter LIMIT 1) AS shipped
            WHERE site.site_id = \(site)
        ), lasting AS (
            SELECT *, least(valid_to, lead(valid_from) OVER (
                PARTITION BY rule, parameter, origin = 'site' ORDER BY valid_from, position) - 1) AS last_day
            FROM every
        )
        SELECT rule, parameter, position, version, value, unit, tighter, is_national, source, confidence, reviewer,
            valid_from, last_day, summary_zh, summary_en, origin
        FROM lasting
        WHERE (\(rule)::text IS NULL OR rule = \(rule)::text)
            AND (\(day)::date IS NULL OR (valid_from <= \(day)::date AND (last_day IS NULL OR last_day >= \(day)::date)))
            AND (rule, parameter, position) > (\(last.rule), \(last.parameter), \(last.order))
        ORDER BY rule, parameter, position LIMIT \(limit)
        """
    }

    /// The columns of `list`, as members of the reply; the first three are the cursor.
    static let columns: [JSONColumn] = [
        .string("rule"), .string("parameter"), .integer("position"), .string("version"), .string("value"),
        .string("unit"), .string("tighter"), .boolean("national"), .string("source"), .string("confidence"),
        .string("reviewer"), .string("validFrom"), .string("validTo"), .string("summaryZh"), .string("summaryEn"),
        .string("origin"),
    ]
}
