/// What the examples of a module's `rules.list` and `rules.revise` show: one shipped value, and a revision of it.
public struct RuleExample: Sendable {
    public let line: RuleLine
    /// The day for which the list is asked.
    public let asOf: LocalDate
    public let revision: RuleTable.Revision

    public init(line: RuleLine, asOf: LocalDate, revision: RuleTable.Revision) {
        self.line = line
        self.asOf = asOf
        self.revision = revision
    }
}
