/// What the values of a rule table may be at all. Who revises one is held to it, and so is whoever reads one: what lies within
/// can be reckoned with, and a least value stands at or below its greatest one.
public struct RuleBounds: Sendable {
    /// What one value may be.
    public enum Limit: Sendable, Equatable {
        case number(ClosedRange<Int64>)
        case code(Set<String>)
        /// Names between semicolons, each once.
        case names

        /// Whether a value is within.
        public func allows(_ value: String) -> Bool {
            switch self {
            case .number(let range): return Int64(value).map(range.contains) ?? false
            case .code(let codes): return codes.contains(value)
            case .names:
                let names = value.split(separator: ";", omittingEmptySubsequences: false)
                return names.allSatisfy { !$0.isEmpty } && Set(names).count == names.count
            }
        }

        /// For whoever typed another value.
        public var expected: LocalizedText {
            switch self {
            case .number(let range) where range.lowerBound == range.upperBound:
                return LocalizedText(zh: "只能是 \(range.lowerBound)", en: "\(range.lowerBound) alone")
            case .number(let range):
                return LocalizedText(
                    zh: "\(range.lowerBound) 至 \(range.upperBound)", en: "\(range.lowerBound) to \(range.upperBound)")
            case .code(let codes):
                let list = codes.sorted()
                return LocalizedText(zh: list.joined(separator: "、"), en: list.joined(separator: ", "))
            case .names: return LocalizedText(zh: "用分号隔开的名称，不得重复", en: "names between semicolons, each once")
            }
        }
    }

    /// Two values of which the one is never above the other.
    public struct Pair: Sendable {
        public let least: RuleKey
        public let greatest: RuleKey

        /// The one that is never above, and the one that is never below.
        public init(least: RuleKey, greatest: RuleKey) {
            self.least = least
            self.greatest = greatest
        }
    }

    /// The bounds of each value that has some.
    public let limits: [RuleKey: Limit]
    /// The bounds of the numbers alone.
    public let numbers: [RuleKey: ClosedRange<Int64>]
    public let pairs: [Pair]
    /// The pairs of a value.
    let pairsOf: [RuleKey: [Pair]]

    /// Bounds of numbers, the codes of closed sets, the values that are lists of names, and what belongs together.
    public init(
        numbers: [RuleKey: ClosedRange<Int64>] = [:], codes: [RuleKey: Set<String>] = [:], names: [RuleKey] = [],
        pairs: [Pair] = []
    ) {
        self.numbers = numbers
        self.pairs = pairs
        self.limits = numbers.mapValues { .number($0) }
            .merging(codes.mapValues { .code($0) }) { first, _ in first }
            .merging(names.map { ($0, .names) }) { first, _ in first }
        self.pairsOf = pairs.reduce(into: [:]) { all, pair in
            all[pair.least, default: []].append(pair)
            all[pair.greatest, default: []].append(pair)
        }
    }
}
