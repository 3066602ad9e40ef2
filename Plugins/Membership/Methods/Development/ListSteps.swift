internal import XinglinKit

/// `membership.development.steps`
struct ListSteps: RPCMethod {
    typealias Params = Empty

    struct Reply: Codable, Sendable {
        let steps: [Line]
    }

    struct Line: Codable, Sendable {
        let step: Int
        let nameZh: String
        let stage: String
        let actor: String
        let state: String
        let documents: String
        let intervalZh: String
        let preconditionsZh: String
        let decisionRuleZh: String
        let source: String
        let rules: [String]
        let byVote: Bool
        let facts: JSONValue
    }

    static let name = "membership.development.steps"
    static let summary =
        "Lists the 25 steps of development with what each asks for: papers, rules (DV-*) and the schema of its facts."
    static let effect = Effect.read
    static let access = MembershipAccess.administration
    static let params = Schema.object()
    static let reply = Schema.object(
        .required(
            "steps",
            .array(
                .object(
                    .required("step", .integer(1...25), "The number."), .required("nameZh", .text(1...60), "Its name."),
                    .required("stage", .text(1...60), "The stage that it belongs to."),
                    .required("actor", .text(1...60), "Who takes it."),
                    .required("state", .code(1...40), "The candidate's state from then on."),
                    .required("documents", .text(1...200), "What is on paper afterwards."),
                    .required("intervalZh", .text(0...200), "When, in words."),
                    .required("preconditionsZh", .text(0...200), "What it needs, in words."),
                    .required("decisionRuleZh", .text(0...200), "How it is decided, in words."),
                    .required("source", .text(1...200), "Statute and article."),
                    .required("rules", .array(.code(1...20), 0...20), "The rules that judge it."),
                    .required("byVote", .boolean, "Whether `membership.development.vote` alone takes it."),
                    .required("facts", .any, "The JSON schema of its facts (`membership.development.record`).")), 0...25
            ),
            "The steps in their order."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let judge = try Developments.judge(call)
        return Reply(
            steps: judge.table.steps.map { step in
                Line(
                    step: step.number, nameZh: step.nameZh, stage: step.stage, actor: step.actor,
                    state: step.stateAfter,
                    documents: step.documents, intervalZh: step.intervalText, preconditionsZh: step.preconditions,
                    decisionRuleZh: step.decisionRule, source: step.source,
                    rules: judge.versions(for: step.number).keys.sorted(),
                    byVote: DevelopmentStep.votes.contains(step.number),
                    facts: StepFactsSchema.of(step.number).jsonSchema)
            })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            step: 2, nameZh: "党组织派人谈话", stage: "申请入党", actor: "党支部", state: "applicant_talked", documents: "谈话登记表",
            intervalZh: "收到申请书后1个月内", preconditionsZh: "step1完成", decisionRuleZh: "无", source: DevelopmentSample.clause,
            rules: ["DV-02", "DV-27"], byVote: false, facts: StepFactsSchema.of(2).jsonSchema)
        let example = (params: Params(), reply: Reply(steps: [line]))
        return Examples(full: example, minimal: example)
    }
}
