/// A module that has a rule table (docs/rule-tables.md): the values that its rules judge by, shipped in Data/rules.csv, revised by the
/// county's bureau for all sites and by a site for itself.
public protocol RuleOwner: Sendable {
    /// The tables `<schema>.rule` and `<schema>.site_rule`.
    static var table: RuleTable { get }
    /// What each value may be, and which belong together.
    static var bounds: RuleBounds { get }
    /// The reason for a value that is missing, out of bounds or at odds with its pair; `RuleDefect.fault` has its details.
    static var unusable: FaultKind { get }
    /// The reason for a revision that would loosen what may only be tightened; `details` has `rule`, `parameter` and `floor`.
    static var loosened: FaultKind { get }
    /// Who may call `<schema>.rules.list`.
    static var readers: Access { get }
    /// Who may call `<schema>.rules.revise`; `siteAdmin` unless told.
    static var revisers: Access { get }
    /// The summary of `<schema>.rules.list`: which rules they are, and what is said of each value.
    static var listSummary: String { get }
    /// Who a revision's `reviewer` is, as the schema describes it.
    static var reviewerDescription: String { get }
    /// What the examples of both methods show.
    static var example: RuleExample { get }
}

extension RuleOwner {
    public static var revisers: Access { .roles([.siteAdmin]) }
    public static var reviewerDescription: String { "Who has reviewed it, by office." }

    /// The values in effect at the acting site on a day, in one round trip.
    public static func book(on day: LocalDate, _ call: Call) throws -> RuleBook {
        try Self.book(call.db.rows(Self.table.valid(on: day, site: call.site.id)))
    }

    /// The rows of `RuleTable.valid` as a book, where that statement went in a batch.
    public static func book(_ rows: Rows) throws -> RuleBook {
        Self.book(
            try rows.decode(as: (String, String, String, Tighter, LocalDate, Int, Int, Int).self).map {
                RuleBook.Entry(
                    key: RuleKey($0.0, $0.1), value: $0.2, tighter: $0.3, validFrom: $0.4, version: $0.5,
                    revision: $0.6, siteRevision: $0.7)
            })
    }

    /// A book of values that are at hand, for tests of rules without a database.
    public static func book(_ entries: [RuleBook.Entry]) -> RuleBook {
        RuleBook(entries, bounds: Self.bounds, unusable: Self.unusable)
    }

    /// Some values on any day, at the acting site, in one round trip.
    public static func history(_ keys: [RuleKey], _ call: Call) throws -> RuleHistory {
        try RuleHistory(
            call.db.rows(Self.table.history(keys)), at: call.site.id, bounds: Self.bounds, unusable: Self.unusable)
    }

    /// The refusal of a call that reads a value by which nothing can be judged.
    public static func unusable(_ key: RuleKey, _ defect: RuleDefect) -> Fault {
        defect.fault(Self.unusable, of: key)
    }

    /// Puts the shipped values in that are not there yet: to be called in `FeatureModule.load` with Data/rules.csv.
    /// - Throws: `DataFileRefused` with the first line that is not as expected.
    @discardableResult
    public static func ship(_ file: [UInt8], into db: Database) throws -> [RuleLine] {
        let rules = try RuleFile(parsing: file, bounds: Self.bounds)
        try db.execute(Self.table.ship(rules.lines))
        return rules.lines
    }
}

// What a rule table adds to a module and its manifest.
extension RuleOwner {
    /// `<schema>.rules.list` and `<schema>.rules.revise`.
    public static var ruleMethods: [any RPCMethod] { [ListRules<Self>(), ReviseRule<Self>()] }

    /// For the manifest's `tables`.
    public static var ruleTables: [ModuleManifest.Table] { [.county("rule"), .ledger("site_rule")] }

    /// For the manifest's `constraints`: somebody else has just revised the rule.
    public static var ruleConstraints: [String: FaultKind] {
        ["rule_revision_taken": HostFault.conflict, "site_rule_revision_taken": HostFault.conflict]
    }

    /// For the manifest's `statements`.
    public static var ruleSamples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let now = Timestamp(microseconds: 0)
        let revision = Self.example.revision
        return [
            Self.table.valid(on: now.localDate, site: id),
            Self.table.history([revision.key]),
            Self.table.list(rule: nil, asOf: nil, site: id, after: .init(), limit: 1),
            Self.table.revising,
            Self.table.subject(revision.key, on: now.localDate),
            Self.table.reviseCounty(revision, by: id, at: now),
            Self.table.reviseSite(revision, site: id, by: id, at: now),
        ]
    }
}
