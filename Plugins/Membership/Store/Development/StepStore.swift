internal import XinglinKit

/// The SQL of the steps, which come from Data/development_steps.csv.
enum StepStore {
    /// Every step, in its order.
    static let all: SQL = """
        SELECT step, stage, name_zh, actor, interval_text, preconditions, decision_rule, documents, state_after, source
        FROM membership.development_step ORDER BY step
        """

    static func upsert(_ steps: [DevelopmentStep]) -> SQL {
        """
        INSERT INTO membership.development_step (
            step, stage, name_zh, actor, interval_text, preconditions, decision_rule, documents, state_after, source)
        SELECT * FROM unnest(
            \(steps.map(\.number))::integer[], \(steps.map(\.stage))::text[], \(steps.map(\.nameZh))::text[],
            \(steps.map(\.actor))::text[], \(steps.map(\.intervalText))::text[], \(steps.map(\.preconditions))::text[],
            \(steps.map(\.decisionRule))::text[], \(steps.map(\.documents))::text[], \(steps.map(\.stateAfter))::text[],
            \(steps.map(\.source))::text[])
        ON CONFLICT ON CONSTRAINT development_step_key DO UPDATE SET
            stage = excluded.stage, name_zh = excluded.name_zh, actor = excluded.actor,
            interval_text = excluded.interval_text, preconditions = excluded.preconditions,
            decision_rule = excluded.decision_rule, documents = excluded.documents, state_after = excluded.state_after,
            source = excluded.source
        """
    }

    /// The rows of `all`.
    static func table(_ rows: Rows) throws -> StepTable {
        let steps = try rows.decode(
            as: (Int, String, String, String, String, String, String, String, String, String).self
        ).map {
            DevelopmentStep(
                number: $0.0, stage: $0.1, nameZh: $0.2, actor: $0.3, intervalText: $0.4, preconditions: $0.5,
                decisionRule: $0.6, documents: $0.7, stateAfter: $0.8, source: $0.9)
        }
        guard let table = StepTable(steps) else {
            throw DatabaseError(kind: .decoding, message: "the steps are not loaded")
        }
        return table
    }
}
