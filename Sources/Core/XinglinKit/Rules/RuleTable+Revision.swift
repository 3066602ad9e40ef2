// How a rule table is revised.
extension RuleTable {
    /// A later value of a rule.
    public struct Revision: Sendable {
        public let key: RuleKey
        public let value: String
        public let validFrom: LocalDate
        /// The decision or statute it goes back to.
        public let source: String
        /// Who has reviewed it, by office.
        public let reviewer: String

        public init(key: RuleKey, value: String, validFrom: LocalDate, source: String, reviewer: String) {
            self.key = key
            self.value = value
            self.validFrom = validFrom
            self.source = source
            self.reviewer = reviewer
        }
    }

    /// What a value is a value of, and what it is nationally at the least: unit, tighter, national, the shipped value, and the
    /// county's, on the day from which a revision is to hold.
    func subject(_ key: RuleKey, on day: LocalDate) -> SQL {
        """
        SELECT unit, tighter, is_national,
            (SELECT value FROM \(literal: self.schema).rule WHERE rule = \(key.rule) AND parameter = \(key.parameter) AND revision = 0
                AND valid_from <= \(day) ORDER BY valid_from DESC, version DESC LIMIT 1),
            (SELECT value FROM \(literal: self.schema).rule WHERE rule = \(key.rule) AND parameter = \(key.parameter)
                AND valid_from <= \(day) ORDER BY valid_from DESC, version DESC, revision DESC LIMIT 1)
        FROM \(literal: self.schema).rule WHERE rule = \(key.rule) AND parameter = \(key.parameter)
        ORDER BY version DESC, revision DESC LIMIT 1
        """
    }

    /// Records a later value for the whole county; gives version and revision. The number is claimed by `rule_revision_taken`.
    func reviseCounty(_ revision: Revision, by account: RecordID, at now: Timestamp) -> SQL {
        """
        INSERT INTO \(literal: self.schema).rule (
            rule, parameter, version, revision, value, unit, tighter, is_national, source, confidence, reviewer, valid_from,
            summary_zh, summary_en, recorded_at, recorded_by)
        SELECT rule, parameter, version,
            (SELECT max(revision) + 1 FROM \(literal: self.schema).rule AS of_rule
             WHERE of_rule.rule = latest.rule AND of_rule.version = latest.version),
            \(revision.value)::text, unit, tighter, is_national, \(revision.source)::text, confidence,
            \(revision.reviewer)::text, \(revision.validFrom)::date, summary_zh, summary_en, \(now)::timestamptz,
            \(account)::uuid
        FROM \(literal: self.schema).rule AS latest
        WHERE rule = \(revision.key.rule) AND parameter = \(revision.key.parameter) AND revision = 0
        ORDER BY version DESC LIMIT 1
        RETURNING version, revision
        """
    }

    /// Records a later value for the acting site alone; gives its revision.
    func reviseSite(_ revision: Revision, site: RecordID, by account: RecordID, at now: Timestamp) -> SQL {
        """
        INSERT INTO \(literal: self.schema).site_rule (
            site_id, rule, parameter, revision, value, source, reviewer, valid_from, recorded_at, recorded_by)
        SELECT \(site)::uuid, \(revision.key.rule)::text, \(revision.key.parameter)::text,
            (SELECT coalesce(max(revision), 0) + 1 FROM \(literal: self.schema).site_rule
             WHERE site_id = \(site) AND rule = \(revision.key.rule)),
            \(revision.value)::text, \(revision.source)::text, \(revision.reviewer)::text, \(revision.validFrom)::date,
            \(now)::timestamptz, \(account)::uuid
        RETURNING revision
        """
    }
}
