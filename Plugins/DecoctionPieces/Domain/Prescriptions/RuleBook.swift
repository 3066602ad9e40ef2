internal import XinglinKit

/// The values in effect at a site on a day. Where site and county differ, the stricter one holds.
struct RuleBook {
    /// A row of `decoction.rule` or `decoction.site_rule` that is valid on the day.
    struct Entry {
        let key: RuleKey
        let value: String
        let tighter: Tighter
        let validFrom: LocalDate
        let version: Int
        let revision: Int
        /// 0 where the value is the county's.
        let siteRevision: Int
    }

    private let values: [RuleKey: String]
    private let versions: [String: String]

    init(_ entries: [Entry]) {
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
            guard let own = site[entry.key], RuleBounds.limits[entry.key] != .names,
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
    func version(of rule: String) -> String? { self.versions[rule] }

    /// A number.
    /// - Throws: `decoction.ruleUnusable` where no value is in effect, or one that is out of bounds or at odds with its pair.
    func number(_ key: RuleKey) throws(Fault) -> Int64 {
        guard let number = Int64(try self.text(key)) else { throw RuleFault.unusable(key, .missing) }
        for pair in RuleBounds.pairsOf[key] ?? [] where self.isInverted(pair) {
            throw RuleFault.unusable(key, .pairInverted(pair.least == key ? pair.greatest : pair.least))
        }
        return number
    }

    /// A code.
    /// - Throws: `decoction.ruleUnusable`.
    func text(_ key: RuleKey) throws(Fault) -> String {
        guard let value = self.values[key] else { throw RuleFault.unusable(key, .missing) }
        let limit = RuleBounds.limits[key]
        guard limit?.allows(value) ?? true else { throw RuleFault.unusable(key, .outOfBounds(limit)) }
        return value
    }

    /// A list of names.
    /// - Throws: `decoction.ruleUnusable`.
    func names(_ key: RuleKey) throws(Fault) -> [String] {
        try self.text(key).split(separator: ";").map(String.init)
    }

    /// Whether the least value of a pair is above the greatest; not where one of them is missing.
    func isInverted(_ pair: RuleBounds.Pair) -> Bool {
        guard let least = self.values[pair.least].flatMap({ Int64($0) }),
            let greatest = self.values[pair.greatest].flatMap({ Int64($0) })
        else { return false }
        return least > greatest
    }
}
