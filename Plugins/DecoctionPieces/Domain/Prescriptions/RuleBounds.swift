/// What the values of the rule table may be at all. Who revises one is held to it, and so is whoever reads one: what lies within
/// can be reckoned with, and a least value stands at or below its greatest one.
enum RuleBounds {
    /// What one value may be.
    enum Limit: Equatable {
        case number(ClosedRange<Int64>)
        case code(Set<String>)
        /// Names between semicolons, each once.
        case names

        func allows(_ value: String) -> Bool {
            switch self {
            case .number(let range): return Int64(value).map(range.contains) ?? false
            case .code(let codes): return codes.contains(value)
            case .names:
                let names = value.split(separator: ";", omittingEmptySubsequences: false)
                return names.allSatisfy { !$0.isEmpty } && Set(names).count == names.count
            }
        }

        /// For whoever typed another value, in English and in Chinese.
        var expected: (en: String, zh: String) {
            switch self {
            case .number(let range) where range.lowerBound == range.upperBound:
                return ("\(range.lowerBound) alone", "只能是 \(range.lowerBound)")
            case .number(let range):
                return ("\(range.lowerBound) to \(range.upperBound)", "\(range.lowerBound) 至 \(range.upperBound)")
            case .code(let codes):
                let list = codes.sorted()
                return (list.joined(separator: ", "), list.joined(separator: "、"))
            case .names: return ("names between semicolons, each once", "用分号隔开的名称，不得重复")
            }
        }
    }

    /// Two values of which the one is never above the other.
    struct Pair {
        let least: RuleKey
        let greatest: RuleKey
    }

    static let limits: [RuleKey: Limit] = Self.numbers.mapValues { .number($0) }
        .merging(Self.codes.mapValues { .code($0) }) { first, _ in first }
        .merging(Self.names.map { ($0, .names) }) { first, _ in first }

    /// The pairs of a value.
    static let pairsOf: [RuleKey: [Pair]] = Self.pairs.reduce(into: [:]) { all, pair in
        all[pair.least, default: []].append(pair)
        all[pair.greatest, default: []].append(pair)
    }

    static let pairs: [Pair] = [
        ("RX-02", "validityDays", "extendedValidityDays"), ("RX-03", "days", "longDays"),
        ("RX-03", "longDays", "longMaxDays"), ("RX-06", "ageFrom", "ageTo"), ("RX-10", "doseMinMg", "doseMaxMg"),
        ("RX-10", "days", "runDays"), ("RX-12", "childAgeBelow", "elderAgeFrom"),
        ("BOILING", "adultMinMl", "adultMaxMl"), ("BOILING", "childMinMl", "childMaxMl"),
        ("BOILING", "coverMinCm", "coverMaxCm"), ("BOILING", "exteriorMinMinutes", "exteriorMaxMinutes"),
        ("BOILING", "ordinaryMinMinutes", "ordinaryMaxMinutes"), ("BOILING", "tonicMinMinutes", "tonicMaxMinutes"),
        ("BOILING", "firstMinMinutes", "firstMaxMinutes"), ("BOILING", "lastMinMinutes", "lastMaxMinutes"),
        ("BOILING", "toxicFirstMinMinutes", "toxicFirstMaxMinutes"),
        ("BOILING", "residueMinPercent", "residueMaxPercent"), ("BOILING", "sampleMinHours", "sampleMaxHours"),
        ("STORAGE", "coldMinCelsius", "coldMaxCelsius"), ("STORAGE", "normalMinCelsius", "normalMaxCelsius"),
        ("STORAGE", "humidityMinPercent", "humidityMaxPercent"), ("STORAGE", "summerFromMonth", "summerToMonth"),
    ].map { Pair(least: RuleKey($0.0, $0.1), greatest: RuleKey($0.0, $0.2)) }
}
