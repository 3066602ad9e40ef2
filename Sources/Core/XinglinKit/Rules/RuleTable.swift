/// The SQL of a module's rule table: `<schema>.rule`, the county's values, and `<schema>.site_rule`, what sites have tightened
/// (docs/rule-tables.md has both definitions).
public struct RuleTable: Sendable {
    /// The module's schema, which is its code.
    public let schema: StaticString
    private let lock: Int64?

    /// The rule table of a schema.
    /// - Parameter lock: the number of the advisory lock that revisions wait for; one of the schema's name unless told.
    public init(schema: StaticString, lock: Int64? = nil) {
        self.schema = schema
        self.lock = lock
    }

    /// Every row that is valid on a day, the county's and the site's; `RuleOwner.book` makes a book of them. For a
    /// batch; where nothing else is read, `RuleOwner.book(on:_:)` is shorter.
    public func valid(on day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT rule, parameter, value, tighter, valid_from, version, revision, 0 FROM \(literal: self.schema).rule
        WHERE valid_from <= \(day) AND (valid_to IS NULL OR valid_to >= \(day))
        UNION ALL
        SELECT site.rule, site.parameter, site.value, shipped.tighter, site.valid_from, 0, 0, site.revision
        FROM \(literal: self.schema).site_rule AS site,
            LATERAL (SELECT tighter FROM \(literal: self.schema).rule
                     WHERE rule.rule = site.rule AND rule.parameter = site.parameter LIMIT 1) AS shipped
        WHERE site.site_id = \(site) AND site.valid_from <= \(day)
        """
    }

    /// Every row of some values, whatever the day, of the county and every readable site: rule, parameter, value, tighter,
    /// first and last day, version, revision, the site's revision and the site.
    func history(_ keys: [RuleKey]) -> SQL {
        """
        SELECT rule, parameter, value, tighter, valid_from, valid_to, version, revision, 0, NULL::uuid FROM \(literal: self.schema).rule
        WHERE (rule, parameter) IN (
            SELECT rule, parameter FROM unnest(\(keys.map(\.rule))::text[], \(keys.map(\.parameter))::text[])
                AS asked (rule, parameter))
        UNION ALL
        SELECT site.rule, site.parameter, site.value, shipped.tighter, site.valid_from, NULL, 0, 0, site.revision, site.site_id
        FROM \(literal: self.schema).site_rule AS site,
            LATERAL (SELECT tighter FROM \(literal: self.schema).rule
                     WHERE rule.rule = site.rule AND rule.parameter = site.parameter LIMIT 1) AS shipped
        WHERE (site.rule, site.parameter) IN (
            SELECT rule, parameter FROM unnest(\(keys.map(\.rule))::text[], \(keys.map(\.parameter))::text[])
                AS asked (rule, parameter))
        """
    }

    /// Whoever revises rules waits for whoever does: two values that belong together are never revised past each other.
    var revising: SQL {
        guard let lock = self.lock else {
            return "SELECT pg_advisory_xact_lock(hashtextextended(\("\(self.schema).rule"), 0))::text"
        }
        return "SELECT pg_advisory_xact_lock(\(lock)::bigint)::text"
    }

    /// Puts the shipped values in that are not there. A value that was shipped once is never changed: a new one has a new version.
    func ship(_ lines: [RuleLine]) -> SQL {
        """
        INSERT INTO \(literal: self.schema).rule (
            rule, parameter, version, revision, value, unit, tighter, is_national, source, confidence, reviewer, valid_from,
            valid_to, summary_zh, summary_en)
        SELECT rule, parameter, version, 0, value, unit, tighter, is_national, source, confidence, reviewer, valid_from,
            valid_to, summary_zh, summary_en
        FROM unnest(
            \(lines.map(\.key.rule))::text[], \(lines.map(\.key.parameter))::text[], \(lines.map(\.version))::integer[],
            \(lines.map(\.value))::text[], \(lines.map(\.unit))::text[], \(lines.map(\.tighter))::text[],
            \(lines.map(\.isNational))::boolean[], \(lines.map(\.source))::text[],
            \(lines.map(\.confidence))::text[], \(lines.map(\.reviewer))::text[], \(lines.map(\.validFrom))::date[],
            \(lines.map(\.validTo))::date[], \(lines.map(\.summary.zh))::text[], \(lines.map(\.summary.en))::text[]
        ) AS line (
            rule, parameter, version, value, unit, tighter, is_national, source, confidence, reviewer, valid_from, valid_to,
            summary_zh, summary_en)
        ON CONFLICT ON CONSTRAINT rule_key DO NOTHING
        """
    }
}
