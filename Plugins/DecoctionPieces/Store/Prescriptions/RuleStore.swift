internal import XinglinKit

/// The SQL of the rule table.
enum RuleStore {
    /// Puts the shipped values in that are not there. A value that was shipped once is never changed: a new one has a new version.
    static func ship(_ lines: [RuleLine]) -> SQL {
        """
        INSERT INTO decoction.rule (
            rule, parameter, version, revision, value, unit, tighter, is_national, source, confidence, reviewer, valid_from,
            valid_to, summary_zh, summary_en)
        SELECT rule, parameter, version, 0, value, unit, tighter, is_national, source, confidence, reviewer, valid_from,
            valid_to, summary_zh, summary_en
        FROM unnest(
            \(lines.map(\.rule))::text[], \(lines.map(\.parameter))::text[], \(lines.map(\.version))::integer[],
            \(lines.map(\.value))::text[], \(lines.map(\.unit))::text[], \(lines.map(\.tighter))::text[],
            \(lines.map(\.isNational))::boolean[], \(lines.map(\.source))::text[],
            \(lines.map(\.confidence))::text[], \(lines.map(\.reviewer))::text[], \(lines.map(\.validFrom))::date[],
            \(lines.map(\.validTo))::date[], \(lines.map(\.summaryZh))::text[], \(lines.map(\.summaryEn))::text[]
        ) AS line (
            rule, parameter, version, value, unit, tighter, is_national, source, confidence, reviewer, valid_from, valid_to,
            summary_zh, summary_en)
        ON CONFLICT ON CONSTRAINT rule_key DO NOTHING
        """
    }

    /// Every row that is valid on a day, the county's and the site's; `RuleBook` finds the ones that hold.
    static func valid(on day: LocalDate, site: RecordID) -> SQL {
        """
        SELECT rule, parameter, value, tighter, valid_from, version, revision, 0 FROM decoction.rule
        WHERE valid_from <= \(day) AND (valid_to IS NULL OR valid_to >= \(day))
        UNION ALL
        SELECT site.rule, site.parameter, site.value, shipped.tighter, site.valid_from, 0, 0, site.revision
        FROM decoction.site_rule AS site,
            LATERAL (SELECT tighter FROM decoction.rule
                     WHERE rule.rule = site.rule AND rule.parameter = site.parameter LIMIT 1) AS shipped
        WHERE site.site_id = \(site) AND site.valid_from <= \(day)
        """
    }

    /// The rows of `valid` as a book.
    static func book(_ rows: Rows) throws -> RuleBook {
        RuleBook(
            try rows.decode(as: (String, String, String, Tighter, LocalDate, Int, Int, Int).self).map {
                RuleBook.Entry(
                    key: RuleKey($0.0, $0.1), value: $0.2, tighter: $0.3, validFrom: $0.4, version: $0.5,
                    revision: $0.6,
                    siteRevision: $0.7)
            })
    }

    /// Whoever revises rules waits for whoever does: two values that belong together are never revised past each other. "xlru".
    static let revising: SQL = "SELECT pg_advisory_xact_lock(2020373109)::text"

    /// Every row of some values from a day on, whatever the day, of the county and every readable site: rule, parameter, value, tighter,
    /// first and last day, version, revision, the site's revision and the site.
    static func history(_ keys: [RuleKey]) -> SQL {
        """
        SELECT rule, parameter, value, tighter, valid_from, valid_to, version, revision, 0, NULL::uuid FROM decoction.rule
        WHERE (rule, parameter) IN (
            SELECT rule, parameter FROM unnest(\(keys.map(\.rule))::text[], \(keys.map(\.parameter))::text[])
                AS asked (rule, parameter))
        UNION ALL
        SELECT site.rule, site.parameter, site.value, shipped.tighter, site.valid_from, NULL, 0, 0, site.revision, site.site_id
        FROM decoction.site_rule AS site,
            LATERAL (SELECT tighter FROM decoction.rule
                     WHERE rule.rule = site.rule AND rule.parameter = site.parameter LIMIT 1) AS shipped
        WHERE (site.rule, site.parameter) IN (
            SELECT rule, parameter FROM unnest(\(keys.map(\.rule))::text[], \(keys.map(\.parameter))::text[])
                AS asked (rule, parameter))
        """
    }

    /// What a value is a value of, and what it is nationally at the least: unit, tighter, national, the shipped value, and the
    /// county's, on the day from which a revision is to hold.
    static func subject(_ key: RuleKey, on day: LocalDate) -> SQL {
        """
        SELECT unit, tighter, is_national,
            (SELECT value FROM decoction.rule WHERE rule = \(key.rule) AND parameter = \(key.parameter) AND revision = 0
                AND valid_from <= \(day) ORDER BY valid_from DESC, version DESC LIMIT 1),
            (SELECT value FROM decoction.rule WHERE rule = \(key.rule) AND parameter = \(key.parameter)
                AND valid_from <= \(day) ORDER BY valid_from DESC, version DESC, revision DESC LIMIT 1)
        FROM decoction.rule WHERE rule = \(key.rule) AND parameter = \(key.parameter)
        ORDER BY version DESC, revision DESC LIMIT 1
        """
    }

    /// A later value.
    struct Revision {
        let key: RuleKey
        let value: String
        let validFrom: LocalDate
        let source: String
        let reviewer: String
    }

    /// Records a later value for the whole county; gives version and revision. The number is claimed by `rule_revision_taken`.
    static func reviseCounty(_ revision: Revision, by account: RecordID, at now: Timestamp) -> SQL {
        """
        INSERT INTO decoction.rule (
            rule, parameter, version, revision, value, unit, tighter, is_national, source, confidence, reviewer, valid_from,
            summary_zh, summary_en, recorded_at, recorded_by)
        SELECT rule, parameter, version,
            (SELECT max(revision) + 1 FROM decoction.rule AS of_rule
             WHERE of_rule.rule = latest.rule AND of_rule.version = latest.version),
            \(revision.value)::text, unit, tighter, is_national, \(revision.source)::text, confidence,
            \(revision.reviewer)::text, \(revision.validFrom)::date, summary_zh, summary_en, \(now)::timestamptz,
            \(account)::uuid
        FROM decoction.rule AS latest
        WHERE rule = \(revision.key.rule) AND parameter = \(revision.key.parameter) AND revision = 0
        ORDER BY version DESC LIMIT 1
        RETURNING version, revision
        """
    }

    /// Records a later value for the acting site alone; gives its revision.
    static func reviseSite(_ revision: Revision, site: RecordID, by account: RecordID, at now: Timestamp) -> SQL {
        """
        INSERT INTO decoction.site_rule (
            site_id, rule, parameter, revision, value, source, reviewer, valid_from, recorded_at, recorded_by)
        SELECT \(site)::uuid, \(revision.key.rule)::text, \(revision.key.parameter)::text,
            (SELECT coalesce(max(revision), 0) + 1 FROM decoction.site_rule
             WHERE site_id = \(site) AND rule = \(revision.key.rule)),
            \(revision.value)::text, \(revision.source)::text, \(revision.reviewer)::text, \(revision.validFrom)::date,
            \(now)::timestamptz, \(account)::uuid
        RETURNING revision
        """
    }

    /// Where a page of `list` starts: behind the row with these fields.
    struct Cursor {
        var rule = ""
        var parameter = ""
        var order: Int64 = 0
    }

    /// Every value of the county and the site, or of one rule, or in effect on a day; `validTo` is the last day on which it held
    /// or will hold.
    static func list(rule: String?, asOf day: LocalDate?, site: RecordID, after last: Cursor, limit: Int) -> SQL {
        """
        WITH every AS (
            SELECT rule, parameter, version::bigint * 100000 + revision AS position, version || '.' || revision AS version,
                value, unit, tighter, is_national, source, confidence, reviewer, valid_from, valid_to, summary_zh,
                summary_en, CASE WHEN revision = 0 THEN 'shipped' ELSE 'county' END AS origin
            FROM decoction.rule
            UNION ALL
            SELECT site.rule, site.parameter, 1000000000000 + site.revision, 's' || site.revision, site.value, shipped.unit,
                shipped.tighter, shipped.is_national, site.source, shipped.confidence, site.reviewer, site.valid_from, NULL,
                shipped.summary_zh, shipped.summary_en, 'site'
            FROM decoction.site_rule AS site,
                LATERAL (SELECT * FROM decoction.rule
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
