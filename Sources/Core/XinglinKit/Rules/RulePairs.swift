/// Whether a revision leaves the values in order that belong together: on every day from its own on, for the county and for each site
/// that has values of its own and that the caller may read.
struct RulePairs {
    private let key: RuleKey
    private let from: LocalDate
    private let pairs: [RuleBounds.Pair]
    private let history: RuleHistory
    /// Where it is looked at: the county, and sites.
    private let places: [RecordID?]

    /// Reads what the revision's value belongs together with; nil where it stands alone.
    init?<Owner: RuleOwner>(
        _ revision: RuleTable.Revision, isCounty: Bool, of owner: Owner.Type, _ call: Call
    ) throws {
        guard let pairs = Owner.bounds.pairsOf[revision.key] else { return nil }
        let keys = Set(pairs.flatMap { [$0.least, $0.greatest] })
        var history = try Owner.history(Array(keys), call)
        let own = try isCounty ? nil : call.site.id
        let tighter = history.rows.first { $0.entry.key == revision.key }?.entry.tighter ?? .none
        let version = history.rows.map(\.entry.version).max() ?? 1
        self.key = revision.key
        self.from = revision.validFrom
        self.pairs = pairs
        self.places = isCounty ? [nil] + Array(Set(history.rows.compactMap(\.site))).sorted() : [own]
        let new = RuleBook.Entry(
            key: revision.key, value: revision.value, tighter: tighter, validFrom: revision.validFrom,
            version: isCounty ? version : 0, revision: isCounty ? Int.max : 0, siteRevision: isCounty ? 0 : Int.max)
        history.rows.append(RuleHistory.Row(entry: new, validTo: nil, site: own))
        self.history = history
    }

    /// - Throws: `host.invalidParams` that names the other value of the pair, and from which day on they are at odds.
    func check() throws(Fault) {
        let days = Set([self.from] + self.history.rows.map(\.entry.validFrom).filter { $0 > self.from }).sorted {
            $0.daysSince1970 < $1.daysSince1970
        }
        for place in self.places {
            for day in days {
                let book = self.history.book(on: day, at: place)
                for pair in self.pairs where book.isInverted(pair) {
                    throw try self.refusal(pair, book, day)
                }
            }
        }
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
