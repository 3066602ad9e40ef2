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
    /// What was taken over is not judged.
    func objections(
        _ entries: [DevelopmentEntry], around: (DevelopmentEntry, Progress) throws -> Circumstances
    ) rethrows -> [Objection] {
        var progress = Progress()
        var found: [Objection] = []
        for entry in entries.sorted(by: DevelopmentEntry.isOrdered) {
            if let step = entry.step, !entry.isImported {
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

    /// What a rule says against an entry that was recorded.
    struct Objection: Sendable {
        let step: Int
        let entry: RecordID
        let finding: Finding

        var key: String { "\(self.entry) \(self.finding.rule)" }
    }
}
