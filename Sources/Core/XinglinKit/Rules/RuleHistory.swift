/// Some values of a rule table on any day, by what was or will be in effect then: a later value changes no day that has begun.
public struct RuleHistory: Sendable {
    /// A row of the county's, or of a site that the caller may read.
    struct Row: Sendable {
        let entry: RuleBook.Entry
        let validTo: LocalDate?
        /// Nil where the value is the county's.
        let site: RecordID?
    }

    var rows: [Row]
    private let site: RecordID
    private let bounds: RuleBounds
    private let unusable: FaultKind

    /// - Parameter rows: those of `RuleTable.history`.
    init(_ rows: Rows, at site: RecordID, bounds: RuleBounds, unusable: FaultKind) throws {
        self.site = site
        self.bounds = bounds
        self.unusable = unusable
        self.rows = try rows.decode(
            as: (String, String, String, Tighter, LocalDate, LocalDate?, Int, Int, Int, RecordID?).self
        ).map { row in
            Row(
                entry: RuleBook.Entry(
                    key: RuleKey(row.0, row.1), value: row.2, tighter: row.3, validFrom: row.4, version: row.6,
                    revision: row.7, siteRevision: row.8), validTo: row.5, site: row.9)
        }
    }

    /// The values in effect at the acting site on a day. Its versions are made of the values asked for alone.
    public func book(on day: LocalDate) -> RuleBook { self.book(on: day, at: self.site) }

    /// The values in effect on a day at a site, or those of the county.
    func book(on day: LocalDate, at place: RecordID?) -> RuleBook {
        let valid = self.rows.filter { row in
            row.entry.validFrom <= day && row.validTo.map { $0 >= day } ?? true
                && (row.site == nil || row.site == place)
        }
        return RuleBook(valid.map(\.entry), bounds: self.bounds, unusable: self.unusable)
    }
}
