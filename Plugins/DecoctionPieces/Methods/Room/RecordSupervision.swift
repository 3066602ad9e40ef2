internal import XinglinKit

/// `decoction.supervision.record`
struct RecordSupervision: RPCMethod {
    struct Params: Codable, Sendable {
        var doneOn: LocalDate?
        let passed: Bool
        let findings: String
        var measures: String?
    }

    struct Reply: Codable, Sendable {
        let supervisionId: RecordID
        let nextDueOn: LocalDate
    }

    static let name = "decoction.supervision.record"
    static let summary = "Records a supervision of the decoction room, which is wanted at least quarterly (8.5)."
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(
        .optional("doneOn", .date, "The day; today unless told, never later."),
        .required("passed", .boolean, "Whether all was in order."),
        .required("findings", .text(1...500), "What was seen. Name no patient."),
        .optional("measures", .text(1...500), "What is done about it; asked for where not all was in order."))
    static let reply = Schema.object(
        .required("supervisionId", .id, "The supervision."),
        .required("nextDueOn", .date, "By when the next one is due."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let doneOn = params.doneOn ?? call.today
        guard doneOn <= call.today else {
            throw Fault.invalid("/doneOn", expected: "no later day than today", zh: "不晚于今天")
        }
        guard params.passed || params.measures != nil else {
            throw Fault.invalid("/measures", expected: "what is done about the findings", zh: "整改措施")
        }
        let act = try LotStore.Act(call)
        let rules = try PharmacyRules.book(on: call.today, call)
        let new = SupervisionStore.New(
            id: call.newID(), doneOn: doneOn, isPassed: params.passed, findings: PlainText.trimmed(params.findings),
            measures: PlainText.trimmed(params.measures ?? ""), months: try rules.number(.supervisionMonths),
            ruleVersion: rules.version(of: RuleKey.boilingRule) ?? "")
        guard let due = try call.db.first(SupervisionStore.record(new, act), as: LocalDate.self) else {
            throw HostFault.conflict.fault()
        }
        call.note("supervisionId", .string(new.id.description))
        return Reply(supervisionId: new.id, nextDueOn: due)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            supervisionId: Sample.supervision, nextDueOn: Sample.instant.localDate.adding(days: 92))
        return Examples(
            full: (
                Params(
                    doneOn: Sample.instant.localDate, passed: false, findings: "2号煎药机滤网有残渣", measures: "当日清洗并加强交接检查"),
                reply
            ), minimal: (Params(passed: true, findings: "煎药操作与记录符合规范"), reply))
    }
}
