internal import XinglinKit

/// Whether a revision leaves the values in order that belong together: on every day from its own on, for the county and for each site
/// that has values of its own and that the caller may read.
struct RulePairs {
    private struct Row {
        let entry: RuleBook.Entry
        let validTo: LocalDate?
        /// Nil where the value is the county's.
        let site: RecordID?
    }

    private let key: RuleKey
    private let from: LocalDate
    private let rows: [Row]
    /// Where it is looked at: the county, and sites.
    private let places: [RecordID?]

    init(_ revision: RuleStore.Revision, isCounty: Bool, _ call: Call) throws {
        self.key = revision.key
        self.from = revision.validFrom
        let pairs = RuleBounds.pairsOf[revision.key] ?? []
        guard !pairs.isEmpty else {
            (self.rows, self.places) = ([], [])
            return
        }
        let keys = Set(pairs.flatMap { [$0.least, $0.greatest] } + [revision.key])
        let rows = try call.db.query(
            RuleStore.history(Array(keys)),
            as: (String, String, String, Tighter, LocalDate, LocalDate?, Int, Int, Int, RecordID?).self
        ).map { row in
            Row(
                entry: RuleBook.Entry(
                    key: RuleKey(row.0, row.1), value: row.2, tighter: row.3, validFrom: row.4, version: row.6,
                    revision: row.7, siteRevision: row.8), validTo: row.5, site: row.9)
        }
        let own = try isCounty ? nil : call.site.id
        let tighter = rows.first { $0.entry.key == revision.key }?.entry.tighter ?? .none
        let version = rows.map(\.entry.version).max() ?? 1
        let new = RuleBook.Entry(
            key: revision.key, value: revision.value, tighter: tighter, validFrom: revision.validFrom,
            version: isCounty ? version : 0, revision: isCounty ? Int.max : 0, siteRevision: isCounty ? 0 : Int.max)
        self.rows = rows + [Row(entry: new, validTo: nil, site: own)]
        self.places = isCounty ? [nil] + Array(Set(rows.compactMap(\.site))).sorted() : [own]
    }

    /// - Throws: `host.invalidParams` that names the other value of the pair, and from which day on they are at odds.
    func check() throws(Fault) {
        let days = Set([self.from] + self.rows.map(\.entry.validFrom).filter { $0 > self.from }).sorted {
            $0.daysSince1970 < $1.daysSince1970
        }
        for place in self.places {
            for day in days {
                let book = self.book(on: day, at: place)
                for pair in RuleBounds.pairsOf[self.key] ?? [] where book.isInverted(pair) {
                    throw try self.refusal(pair, book, day)
                }
            }
        }
    }

    private func book(on day: LocalDate, at place: RecordID?) -> RuleBook {
        RuleBook(
            self.rows.filter { row in
                row.entry.validFrom <= day && row.validTo.map { $0 >= day } ?? true
                    && (row.site == nil || row.site == place)
            }.map(\.entry))
    }

    private func refusal(_ pair: RuleBounds.Pair, _ book: RuleBook, _ day: LocalDate) throws(Fault) -> Fault {
        let isLeast = pair.least == self.key
        let other = isLeast ? pair.greatest : pair.least
        let value = try book.text(other)
        let name = "\(other.rule) \(other.parameter)"
        return Fault.invalid(
            "/value", expected: "\(isLeast ? "at most" : "at least") \(value), the value of \(name) on \(day)",
            zh: "\(isLeast ? "不高于" : "不低于") \(day) 生效的 \(name)：\(value)")
    }
}
