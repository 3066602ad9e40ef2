internal import XinglinKit

/// A rule about some of the steps. Its type's name is the rule as a sentence.
protocol StepRule: SendableMetatype {
    /// The rules of the rule book that it stands for.
    static var rules: [String] { get }
    static func concerns(_ step: Int) -> Bool
    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding]
}

/// Judges steps by every rule that concerns them: what may be recorded, what is missing, and what is only to be said.
struct StepJudge: Sendable {
    let values: DevelopmentValues
    let table: StepTable

    static let rules: [any StepRule.Type] = [
        StepsMustFollowInOrder.self, ApplicantMustBeOfAge.self, TalkMustComeInTime.self, ActivistMustBeRipe.self,
        ApproverMustBeEntitled.self, MentorsMustBeFullMembers.self, CultivationMustLastAYear.self,
        ReceivedPapersMustBeExamined.self, OpinionsMustBeHeard.self, IntroducersMustBeTwoFullMembers.self,
        ReviewMustHold.self, TrainingMustBeLongEnough.self, CommitteeMustAgreeTogether.self,
        CandidateMustNotBeLeaving.self, MeetingShouldFollowPreexamination.self, ApprovalMustComeInTime.self,
        ConversionMustAwaitProbation.self, ConversionMustBeApprovedInTime.self, ArchiveMustBeComplete.self,
        NoticeMustBePublished.self, DeciderMustFitBranch.self, MeetingShouldCountAllEntitled.self,
    ]

    /// Everything there is to say of a step, with the clause it goes back to.
    func findings(_ proposal: Proposal, _ progress: Progress) -> [Finding] {
        let progress = progress.asOf(proposal.on, self.values, self.table)
        let clause = self.table[proposal.step]?.source ?? ""
        return Self.rules.filter { $0.concerns(proposal.step) }
            .flatMap { $0.findings(proposal, progress, self) }
            .map {
                var finding = $0
                if finding.clause.isEmpty { finding.clause = clause }
                return finding
            }
    }

    /// The versions of the rules that a step is judged by.
    func versions(for step: Int) -> [String: String] {
        let rules = Self.rules.filter { $0.concerns(step) }.flatMap { $0.rules } + [StepOrder.rule(of: step), "DV-27"]
        return rules.reduce(into: [:]) { all, rule in all[rule] = self.values.versions[rule] }
    }

    /// What the steps that were recorded would be refused with, were they recorded today one after the other: the entry and the rule.
    /// What was taken over is judged by the order of days alone.
    func objections(
        _ entries: [DevelopmentEntry], around: (DevelopmentEntry, Progress) throws -> Circumstances
    ) rethrows -> [Objection] {
        var progress = Progress()
        var found: [Objection] = []
        for entry in entries.sorted(by: DevelopmentEntry.isOrdered) {
            if let step = entry.step, entry.isImported {
                found += self.orderFindings(of: step, progress, entries)
                    .map { Objection(step: step, entry: entry.id, finding: $0) }
            } else if let step = entry.step {
                let proposal = Proposal(
                    step: step, on: entry.on, facts: entry.facts, papers: entry.papers,
                    around: try around(entry, progress))
                found += self.findings(proposal, progress).filter { !$0.isWarning }
                    .map { Objection(step: step, entry: entry.id, finding: $0) }
            } else if entry.kind == .extended {
                found += ProbationIsExtendedOnce.findings(
                    on: entry.on, months: Int(entry.facts.number("months") ?? 0), progress, self
                ).map { Objection(step: DevelopmentStep.conversionVote, entry: entry.id, finding: $0) }
            }
            progress.take(entry)
        }
        return found
    }

    /// What of the order of days stands against a step that was taken over, by what came before it: the others may be recorded or taken
    /// over too. Steps that a taken-over process may lack are not asked for.
    private func orderFindings(of step: Int, _ progress: Progress, _ entries: [DevelopmentEntry]) -> [Finding] {
        if let done = progress.taken[step] {
            return [self.orderFinding(step, zh: "已于 \(done.on) 登记", en: "It was taken on \(done.on) already")]
        }
        return StepOrder.before(step).filter { !StepOrder.free.contains($0) && progress.taken[$0] == nil }.map {
            before in
            let name = self.table[before]?.nameZh ?? ""
            guard let later = entries.filter({ $0.step == before }).map(\.on).min() else {
                return self.orderFinding(
                    step, zh: "缺第\(before)步：\(name)", en: "Step \(before) is missing: \(name)")
            }
            return self.orderFinding(
                step, zh: "不早于第\(before)步（\(name)）的日期 \(later)",
                en: "Not before step \(before) (\(name)), which was on \(later)", from: later)
        }
    }

    private func orderFinding(_ step: Int, zh: String, en: String, from day: LocalDate? = nil) -> Finding {
        var finding = Finding(StepOrder.rule(of: step), zh: zh, en: en, who: .siteAdmin, earliestOn: day)
        finding.clause = self.table[step]?.source ?? ""
        return finding
    }

    /// What a rule says against an entry that was recorded.
    struct Objection: Sendable {
        let step: Int
        let entry: RecordID
        let finding: Finding

        var key: String { "\(self.entry) \(self.finding.rule)" }
    }
}
