/// A value's name in a rule table: its rule and its parameter.
public struct RuleKey: Hashable, Sendable {
    /// The rule, such as `RX-03`.
    public let rule: String
    /// Which of the rule's values, such as `days`.
    public let parameter: String

    /// The key of one value of a rule.
    public init(_ rule: String, _ parameter: String) {
        self.rule = rule
        self.parameter = parameter
    }
}
