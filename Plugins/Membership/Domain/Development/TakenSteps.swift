internal import XinglinKit

/// The steps of a development that is taken over: in order, without gaps.
struct TakenSteps {
    private let steps: [TakeOverDevelopment.TakenStep]
    private let judge: StepJudge
    /// The day of the branch meeting, where the admission was approved.
    let meeting: LocalDate?
    /// The day from which the standing as a full member counts, where the conversion was approved.
    let fullFrom: LocalDate?
    /// The end of probation, where it was told.
    private let toldEnd: LocalDate?
    /// The state that the steps lead to.
    let status: String

    /// - Throws: `host.invalidParams` with the step that is out of place.
    init(_ params: TakeOverDevelopment.Params, _ judge: StepJudge, today: LocalDate) throws(Fault) {
        self.judge = judge
        self.steps = params.steps.sorted { $0.step < $1.step }
        var days: [Int: LocalDate] = [:]
        for (index, step) in params.steps.enumerated() {
            guard days.updateValue(step.on, forKey: step.step) == nil else {
                throw Fault.invalid("/steps/\(index)/step", expected: "each step once", zh: "每一步只列一次")
            }
            guard step.on <= today else { throw MembershipFault.future("/steps/\(index)/on") }
        }
        for (index, step) in params.steps.enumerated() {
            try Self.check(step, at: "/steps/\(index)", days)
        }
        let wasAdmitted = days[DevelopmentStep.admission] != nil
        let wasConverted = days[DevelopmentStep.conversion] != nil
        self.meeting = wasAdmitted ? days[DevelopmentStep.admissionVote] : nil
        self.toldEnd =
            params.probationEndedOn
            ?? params.steps.first { $0.step == DevelopmentStep.conversion }?.facts
            .flatMap { StepFacts($0).date(StepFacts.probationEndedOn) }
        self.fullFrom =
            wasConverted ? self.toldEnd ?? self.meeting.map { judge.values.probationEnd(from: $0) } : nil
        self.status = days.keys.max().flatMap { judge.table[$0]?.stateAfter } ?? ""
        guard params.probationEndedOn == nil || wasConverted else {
            throw Fault.invalid("/probationEndedOn", expected: "nothing without step 24", zh: "没有第24步时不填")
        }
        if let end = self.fullFrom, let meeting = self.meeting {
            guard end >= meeting, end <= today else {
                throw Fault.invalid(
                    "/probationEndedOn", expected: "\(meeting) to \(today), the end of probation (DV-19) unless told",
                    zh: "\(meeting) 至 \(today)；未填时为预备期满之日（DV-19）")
            }
        }
    }

    private static func check(
        _ step: TakeOverDevelopment.TakenStep, at pointer: String, _ days: [Int: LocalDate]
    ) throws(Fault) {
        for before in StepOrder.before(step.step) {
            guard let day = days[before] else {
                guard StepOrder.free.contains(before) else {
                    throw Fault.invalid(
                        "\(pointer)/step", expected: "step \(before) too: it comes before this one", zh: "先列第\(before)步"
                    )
                }
                continue
            }
            guard step.on >= day else {
                throw Fault.invalid(
                    "\(pointer)/on", expected: "not before step \(before), \(day)", zh: "不早于第\(before)步 \(day)")
            }
        }
        let facts = try RecordStep.facts(
            step.facts, of: step.step, schema: StepFactsSchema.partial(of: step.step), at: "\(pointer)/facts")
        for (name, wrong) in [("conclusion", "unqualified"), ("result", "returned"), ("decision", "refuse")]
        where facts.text(name) == wrong {
            throw Fault.invalid(
                "\(pointer)/facts/\(name)", expected: "the outcome that the next step followed", zh: "使下一步得以进行的结论")
        }
    }

    func entries(of candidate: RecordID, _ call: Call) -> [DevelopmentStore.New] {
        self.steps.map { step in
            var entry = DevelopmentStore.New(
                id: call.newID(), candidate: candidate, on: step.on, kind: .step, step: step.step)
            entry.status = self.judge.table[step.step]?.stateAfter
            entry.facts = StepFacts(step.facts ?? .object([:]))
            if step.step == DevelopmentStep.conversion, let end = self.toldEnd {
                // A correction of another day must not lose it.
                entry.facts = entry.facts.adding(StepFacts.probationEndedOn, .string(end.description))
            }
            entry.isImported = true
            return entry
        }
    }

    /// The facts of the member that it has led to.
    func facts(
        of member: RecordID, in organization: RecordID, since: LocalDate, _ call: Call
    ) -> [MemberStore.Fact] {
        let isFull = self.fullFrom.map { $0 <= since } ?? false
        var facts = [
            MemberStore.Fact(
                id: call.newID(), member: member, on: since, change: .enrolled, status: isFull ? .full : .probationary,
                organization: organization, fullSince: isFull ? self.fullFrom : nil)
        ]
        if let full = self.fullFrom, !isFull {
            facts.append(
                MemberStore.Fact(id: call.newID(), member: member, on: full, change: .converted, status: .full))
        }
        return facts
    }
}
