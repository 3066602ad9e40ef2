/// The values in effect at a site on a day. Where site and county differ, the stricter one holds.
public struct RuleBook: Sendable {
    /// A row of `rule` or `site_rule` that is valid on the day.
    public struct Entry: Sendable {
        public let key: RuleKey
        public let value: String
        public let tighter: Tighter
        public let validFrom: LocalDate
        public let version: Int
        public let revision: Int
        /// 0 where the value is the county's.
        public let siteRevision: Int

        public init(
            key: RuleKey, value: String, tighter: Tighter, validFrom: LocalDate, version: Int, revision: Int,
            siteRevision: Int
        ) {
            self.key = key
            self.value = value
            self.tighter = tighter
            self.validFrom = validFrom
            self.version = version
            self.revision = revision
            self.siteRevision = siteRevision
        }
    }

    private let values: [RuleKey: String]
    private let versions: [String: String]
    private let bounds: RuleBounds
    private let unusable: FaultKind

    /// The values of a day, from every row that is valid on it.
    /// - Parameter unusable: what a value is refused with that cannot be reckoned with.
    public init(_ entries: [Entry], bounds: RuleBounds, unusable: FaultKind) {
        self.bounds = bounds
        self.unusable = unusable
        var county: [RuleKey: Entry] = [:]
        var site: [RuleKey: Entry] = [:]
        for entry in entries {
            if entry.siteRevision == 0 {
                county[entry.key] = Self.later(county[entry.key], entry)
            } else {
                site[entry.key] = Self.later(site[entry.key], entry)
            }
        }
        self.values = county.mapValues { entry in
            // Of lists of names nothing tells which is the stricter one: they are the county's.
            guard let own = site[entry.key], bounds.limits[entry.key] != .names,
                !entry.tighter.isLaxer(own.value, than: entry.value)
            else { return entry.value }
            return own.value
        }
        self.versions = Dictionary(grouping: entries, by: \.key.rule).mapValues(Self.version)
    }

    private static func later(_ one: Entry?, _ other: Entry) -> Entry {
        guard let one else { return other }
        func rank(_ entry: Entry) -> (Int, Int, Int, Int) {
            (entry.validFrom.daysSince1970, entry.version, entry.revision, entry.siteRevision)
        }
        return rank(one) < rank(other) ? other : one
    }

    /// `1.0`, `1.2`, and `1.2-s3` where the site has revised it three times.
    private static func version(_ entries: [Entry]) -> String {
        let county = entries.filter { $0.siteRevision == 0 }.map { ($0.version, $0.revision) }.max { $0 < $1 } ?? (0, 0)
        let site = entries.map(\.siteRevision).max() ?? 0
        return "\(county.0).\(county.1)" + (site == 0 ? "" : "-s\(site)")
    }

    /// The version of a rule by which decisions of the day are made; absent for what is no rule.
    public func version(of rule: String) -> String? { self.versions[rule] }

    /// A number.
    /// - Throws: the owner's `unusable` where no value is in effect, or one that is out of bounds or at odds with its pair.
    public func number(_ key: RuleKey) throws(Fault) -> Int64 {
        guard let number = Int64(try self.text(key)) else { throw self.refusal(key, .missing) }
        for pair in self.bounds.pairsOf[key] ?? [] where self.isInverted(pair) {
            throw self.refusal(key, .pairInverted(pair.least == key ? pair.greatest : pair.least))
        }
        return number
    }

    /// A code.
    /// - Throws: the owner's `unusable`.
    public func text(_ key: RuleKey) throws(Fault) -> String {
        guard let value = self.values[key] else { throw self.refusal(key, .missing) }
        let limit = self.bounds.limits[key]
        guard limit?.allows(value) ?? true else { throw self.refusal(key, .outOfBounds(limit)) }
        return value
    }

    /// A list of names.
    /// - Throws: the owner's `unusable`.
    public func names(_ key: RuleKey) throws(Fault) -> [String] {
        try self.text(key).split(separator: ";").map(String.init)
    }

    private func refusal(_ key: RuleKey, _ defect: RuleDefect) -> Fault { defect.fault(self.unusable, of: key) }

    /// Whether the least value of a pair is above the greatest; not where one of them is missing.
    public func isInverted(_ pair: RuleBounds.Pair) -> Bool {
        guard let least = self.values[pair.least].flatMap({ Int64($0) }),
            let greatest = self.values[pair.greatest].flatMap({ Int64($0) })
        else { return false }
        return least > greatest
    }
}
