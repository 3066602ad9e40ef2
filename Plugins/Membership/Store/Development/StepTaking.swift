internal import XinglinKit

/// A step on its way into the record: judged, then written with what follows from it.
struct StepTaking {
    let development: Developments
    let call: Call
    let act: Act

    init(_ development: Developments, _ call: Call) throws {
        self.development = development
        self.call = call
        self.act = try Act(call)
    }

    /// A step that nothing stands against.
    struct Judged {
        let proposal: Proposal
        /// The development up to the day, without a resolution that has lapsed by then.
        let progress: Progress
        let warnings: [Finding]
        let backdating: RecordID?
    }

    /// - Throws: `membership.stepRefused`; `host.invalidParams` for a day that has not come.
    func judged(_ step: Int, on day: LocalDate, facts: StepFacts, papers: Int = 0) throws -> Judged {
        guard day <= self.call.today else { throw MembershipFault.future("/on") }
        let judge = self.development.judge
        let before = self.development.progress
        let around = try before.organization.map {
            try Surroundings(organization: $0, person: self.development.person, call: self.call)
                .circumstances(of: step, on: day, facts: facts)
        }
        let proposal = Proposal(step: step, on: day, facts: facts, papers: papers, around: around ?? Circumstances())
        var findings = judge.findings(proposal, before)
        let (backdating, late) = self.lateness(step: step, on: day)
        if let late { findings.append(late) }
        let against = findings.filter { !$0.isWarning }
        guard against.isEmpty else { throw DevelopmentFault.refused(against) }
        return Judged(
            proposal: proposal, progress: before.asOf(day, judge.values, judge.table),
            warnings: findings.filter(\.isWarning), backdating: backdating)
    }

    /// Whether a record of a day comes too late (DV-27), and the approval that allows it.
    func lateness(step: Int, on day: LocalDate) -> (approval: RecordID?, finding: Finding?) {
        switch RecordsMustNotBeLate.verdict(
            step: step, on: day, today: self.call.today, days: self.development.judge.values.backDatingDays,
            approvals: self.development.approvals, recorder: self.act.account)
        {
        case .inTime: (nil, nil)
        case .approved(let approval): (approval, nil)
        case .late(let finding): (nil, finding)
        }
    }

    /// Writes the step, its papers and what follows from it: the register, the claim, events.
    func write(_ judged: Judged, papers: [PaperReference]) throws -> StepTaken {
        let (step, day) = (judged.proposal.step, judged.proposal.on)
        let table = self.development.judge.table
        try self.writeLapse(upTo: day)
        var facts = judged.proposal.facts ?? StepFacts()
        if ApproverMustBeEntitled.concerns(step), facts.text("approvedBy") == nil,
            let approver = judged.proposal.around.approver
        {
            facts = facts.adding("approvedBy", .string(approver.id.description))
        }
        let state = Progress.state(after: step, facts, in: table)
        let status = judged.progress.isFurthest(step) ? state : nil
        let id = self.call.newID()
        var entry = DevelopmentStore.New(id: id, candidate: self.development.id, on: day, kind: .step, step: step)
        entry.status = status
        entry.facts = facts
        entry.versions = self.development.judge.versions(for: step)
        entry.backdating = judged.backdating
        if step == 19 { entry.organization = try self.group(named: facts, judged) }
        try self.call.db.execute(DevelopmentStore.add(entry, self.act), expecting: .rows(1))
        try StepPapers.add(papers, to: id, self.call)
        let member = try self.follow(entry, judged)
        self.call.recordAccess(basis: "partyArchive", subjects: [self.development.id])
        self.call.note("step", .integer(Int64(step)))
        try self.call.publish(
            DevelopmentTopic.stepRecorded, subject: id,
            DevelopmentTopic.StepRecorded(candidateId: self.development.id, entryId: id, step: step, status: status))
        let now = status ?? judged.progress.status ?? ""
        return StepTaken(
            status: now, statusZh: table.label(of: now), entryId: id, memberId: member,
            warnings: judged.warnings.map(StepWarning.init))
    }

    /// A resolution that was not approved in time is none any more: the entry says so before the next vote (DV-17).
    private func writeLapse(upTo day: LocalDate) throws {
        let judge = self.development.judge
        guard let last = self.development.progress.lastDayOfResolution(judge.values), day > last else { return }
        var lapse = DevelopmentStore.New(
            id: self.call.newID(), candidate: self.development.id, on: last.adding(days: 1), kind: .lapsed)
        lapse.status = judge.table[14]?.stateAfter
        lapse.versions = judge.versions(for: DevelopmentStep.admission)
        try self.call.db.execute(DevelopmentStore.add(lapse, self.act), expecting: .rows(1))
    }

    /// The group of the branch that the facts name.
    private func group(named facts: StepFacts, _ judged: Judged) throws -> RecordID? {
        guard let id = facts.id("groupId") else { return nil }
        let day = judged.proposal.on
        let group = try Organizations.forMembers(id, on: day, self.call)
        let own = try judged.progress.organization.flatMap { try Organizations.branch(of: $0, on: day, self.call) }
        guard group.kind == .group, let branch = try Organizations.branch(of: id, on: day, self.call),
            branch.id == own?.id
        else { throw Fault.invalid("/facts/groupId", expected: "a group of the branch", zh: "本支部的党小组") }
        return id
    }

    private func follow(_ entry: DevelopmentStore.New, _ judged: Judged) throws -> RecordID? {
        let register = DevelopmentRegister(development: self.development, call: self.call, act: self.act)
        switch entry.step {
        case DevelopmentStep.admission where entry.facts.text("decision") == "refuse":
            try register.release()
            return nil
        case DevelopmentStep.admission: return try register.admit(judged.progress)
        case 5:
            try register.pair(entry.facts.ids("mentors"), from: entry.on)
            return nil
        case 19:
            let member = try register.member(on: entry.on)
            if let group = entry.organization { try register.assign(member, to: group, on: entry.on) }
            return member
        case DevelopmentStep.conversion where entry.facts.text("decision") == "refuse":
            return try register.member(on: entry.on)
        case DevelopmentStep.conversion:
            return try register.convert(judged.progress, on: entry.on)
        case let step? where step > DevelopmentStep.admission && step < DevelopmentStep.conversion:
            return try register.member(on: entry.on)
        default: return nil
        }
    }
}

/// What a step has come to.
struct StepTaken: Codable, Sendable {
    let status: String
    let statusZh: String
    let entryId: RecordID
    var memberId: RecordID?
    let warnings: [StepWarning]

    static let fields: [Schema.Field] = [
        .required(
            "status", .code(1...40), "The state from then on (development_steps.csv, state_after, and the side states)."
        ),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .required("entryId", .id, "The entry; `membership.development.correct` takes it."),
        .optional("memberId", .id, "The member, from the admission on."),
        .required("warnings", .array(.object(StepWarning.fields), 0...50), "What the rules say without blocking."),
    ]
}

/// What a rule says without blocking.
struct StepWarning: Codable, Sendable {
    let rule: String
    let text: String
    let textZh: String

    static let fields: [Schema.Field] = [
        .required("rule", .code(1...20), "The rule, such as DV-07."),
        .required("text", .text(1...1000), "What it says."),
        .required("textZh", .text(1...1000), "The same in Chinese."),
    ]

    init(rule: String, text: String, textZh: String) {
        self.rule = rule
        self.text = text
        self.textZh = textZh
    }

    init(_ finding: Finding) {
        self.init(rule: finding.rule, text: finding.text.en, textZh: finding.text.zh)
    }
}
