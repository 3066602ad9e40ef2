internal import XinglinKit

/// `membership.development.next`
struct ShowNextSteps: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        var asOf: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let candidateId: RecordID
        let asOf: LocalDate
        let status: String
        let statusZh: String
        var probationFrom: LocalDate?
        var probationTo: LocalDate?
        var memberEnd: MemberEnd?
        let steps: [Line]
    }

    struct Line: Codable, Sendable {
        let step: Int
        let nameZh: String
        let actor: String
        let allowed: Bool
        let byVote: Bool
        var recordedOn: LocalDate?
        var earliestOn: LocalDate?
        let missing: [Missing]
        let warnings: [StepWarning]
    }

    struct Missing: Codable, Sendable {
        let rule: String
        let clause: String
        let text: String
        let textZh: String
        let who: Supplier
        let whoZh: String
        var earliestOn: LocalDate?
    }

    static let name = "membership.development.next"
    static let summary = """
        Judges every step as of a day by all DV rules, without recording anything: which are allowed, the earliest day of each, and of \
        every other one why not: rule, clause, what is missing and who can supply it. What the record itself can state is not missing yet.
        """
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .optional(
            "asOf", .date,
            "The day on which a step would be taken, by what was recorded until then; today unless told. One of more than a few days ago needs an approval (DV-27)."
        ))
    static let reply = Schema.object(
        .required("candidateId", .id, "The development."), .required("asOf", .date, "The day."),
        .required("status", .code(1...40), "The state on the day."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .optional("probationFrom", .date, "The day of the branch meeting (DV-19)."),
        .optional("probationTo", .date, "The day on which probation ends, with its extension (DV-22)."),
        MemberEnd.field,
        .required("steps", .array(Self.line, 25...25), "Every step."))

    private static let line = Schema.object(
        .required("step", .integer(1...25), "The number."), .required("nameZh", .text(1...60), "Its name."),
        .required("actor", .text(1...60), "Who takes it."),
        .required("allowed", .boolean, "Whether it may be recorded with that day, given the facts that it asks for."),
        .required("byVote", .boolean, "Whether `membership.development.vote` takes it."),
        .optional("recordedOn", .date, "The day on which it was taken."),
        .optional("earliestOn", .date, "The first day that the rules allow, by what is known."),
        .required(
            "missing",
            .array(
                .object(
                    .required("rule", .code(1...20), "The rule."),
                    .required("clause", .text(0...200), "Statute and article."),
                    .required("text", .text(1...1000), "What is missing."),
                    .required("textZh", .text(1...1000), "The same in Chinese."),
                    .required("who", .enumeration(Supplier.codes), "Who can supply it."),
                    .required("whoZh", .text(1...20), "The same in Chinese."),
                    .optional("earliestOn", .date, "From which day on the rule is content.")), 0...50),
            "Why it is not allowed; empty where it is."),
        .required("warnings", .array(.object(StepWarning.fields), 0...50), "What the rules say without blocking."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let day = params.asOf ?? call.today
        let development = try Developments.readable(params.candidateId, call)
        let judge = development.judge
        let progress = development.progress(asOf: day)
        guard let organization = progress.organization else {
            throw Fault.invalid("/asOf", expected: "the day of the application or later", zh: "不早于申请之日")
        }
        let around = try Surroundings(organization: organization, person: development.person, call: call)
            .circumstances(on: day)
        let probation = progress.probation(judge.values)
        call.recordAccess(basis: "view", subjects: [development.id])
        let status = progress.status ?? ""
        return Reply(
            candidateId: development.id, asOf: day, status: status, statusZh: judge.table.label(of: status),
            probationFrom: probation?.from, probationTo: probation?.to, memberEnd: progress.memberEnd,
            steps: try judge.table.steps.map { step in
                let late =
                    progress.taken[step.number] == nil && progress.isOpen
                    ? try Self.late(step.number, on: day, development, call) : nil
                return Self.line(step, on: day, progress, around, judge, late)
            })
    }

    /// What is recorded with a day of some time ago needs an approval (DV-27).
    private static func late(
        _ step: Int, on day: LocalDate, _ development: Developments, _ call: Call
    ) throws -> Finding? {
        let verdict = RecordsMustNotBeLate.verdict(
            step: step, on: day, today: call.today, days: development.judge.values.backDatingDays,
            approvals: development.approvals, recorder: try call.caller.accountID)
        guard case .late(let finding) = verdict else { return nil }
        return finding
    }

    private static func line(
        _ step: DevelopmentStep, on day: LocalDate, _ progress: Progress, _ around: Circumstances, _ judge: StepJudge,
        _ late: Finding?
    ) -> Line {
        let asked = step.number > 1
        let findings =
            judge.findings(Proposal(step: step.number, on: day, around: around), progress)
            // Of the application only that it is there.
            .filter { asked || $0.rule != "DV-01" } + [late].compactMap { $0 }
        let against = findings.filter { !$0.isWarning }
        return Line(
            step: step.number, nameZh: step.nameZh, actor: step.actor, allowed: against.isEmpty,
            byVote: DevelopmentStep.votes.contains(step.number), recordedOn: progress.day(of: step.number),
            earliestOn: progress.isOpen
                ? StepOrder.earliest(
                    step.number, progress.withoutExpiredReview(on: day, judge.values), judge.values) : nil,
            missing: against.map {
                Missing(
                    rule: $0.rule, clause: $0.clause, text: $0.text.en, textZh: $0.text.zh, who: $0.who,
                    whoZh: $0.who.labelZh, earliestOn: $0.earliestOn)
            },
            warnings: against.isEmpty ? findings.filter(\.isWarning).map(StepWarning.init) : [])
    }

    static var examples: Examples<Params, Reply> {
        func lines(_ full: Bool) -> [Line] {
            (1...25).map { step in
                Line(
                    step: step, nameZh: "确定发展对象", actor: "党支部", allowed: false, byVote: false,
                    recordedOn: full ? Sample.joined : nil, earliestOn: full ? Sample.today.adding(days: 30) : nil,
                    missing: full
                        ? [
                            Missing(
                                rule: "DV-07", clause: DevelopmentSample.clause, text: "1 years of cultivation",
                                textZh: "培养教育考察须满 1 年", who: .time, whoZh: Supplier.time.labelZh,
                                earliestOn: Sample.today.adding(days: 30))
                        ] : [], warnings: full ? [DevelopmentSample.warning] : [])
            }
        }
        return Examples(
            full: (
                Params(candidateId: Sample.candidate, asOf: Sample.today),
                Reply(
                    candidateId: Sample.candidate, asOf: Sample.today, status: "activist_cultivating",
                    statusZh: "培养教育考察",
                    probationFrom: Sample.joined, probationTo: Sample.joined.adding(years: 1),
                    memberEnd: MemberEnd.example,
                    steps: lines(true))
            ),
            minimal: (
                Params(candidateId: Sample.candidate),
                Reply(
                    candidateId: Sample.candidate, asOf: Sample.today, status: "applicant", statusZh: "递交入党申请书",
                    steps: lines(false))
            ))
    }
}
