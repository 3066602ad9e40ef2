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
            guard let own = site[entry.key], !entry.tighter.isLaxer(own.value, than: entry.value) else {
                return entry.value
            }
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
    /// - Throws: `RuleMissing` where no value is in effect.
    func number(_ key: RuleKey) throws(RuleMissing) -> Int64 {
        guard let number = Int64(try self.text(key)) else { throw RuleMissing(key: key) }
        return number
    }

    /// A code.
    func text(_ key: RuleKey) throws(RuleMissing) -> String {
        guard let value = self.values[key] else { throw RuleMissing(key: key) }
        return value
    }

    /// A list of names.
    func names(_ key: RuleKey) throws(RuleMissing) -> [String] {
        try self.text(key).split(separator: ";").map(String.init)
    }
}

/// A value that no row of the rule table gives for the day: a gap in the table, no refusal of the caller.
struct RuleMissing: Error, Equatable, CustomStringConvertible {
    let key: RuleKey
    var description: String { "no value of \(self.key.rule) \(self.key.parameter) is in effect" }
}
