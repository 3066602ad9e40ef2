/// What is wrong with a value of a rule table, so that nothing can be judged by it.
public enum RuleDefect: Sendable {
    case missing
    case outOfBounds(RuleBounds.Limit?)
    /// The least of a pair is above the greatest; the other key of it.
    case pairInverted(RuleKey)

    /// The refusal of the call that reads the value. `details` has `rule`, `parameter` and `why` (`missing`, `outOfBounds` or
    /// `pairInverted`), and `least` and `most`, or `other` with the rule and parameter of the pair's other value.
    public func fault(_ kind: FaultKind, of key: RuleKey) -> Fault {
        var details: [String: JSONValue] = ["rule": .string(key.rule), "parameter": .string(key.parameter)]
        switch self {
        case .missing: details["why"] = "missing"
        case .outOfBounds(let limit):
            details["why"] = "outOfBounds"
            if case .number(let range) = limit {
                details["least"] = .integer(range.lowerBound)
                details["most"] = .integer(range.upperBound)
            }
        case .pairInverted(let other):
            details["why"] = "pairInverted"
            details["other"] = ["rule": .string(other.rule), "parameter": .string(other.parameter)]
        }
        return kind.fault(.object(details))
    }
}
