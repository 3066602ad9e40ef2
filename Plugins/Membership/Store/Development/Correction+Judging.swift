internal import XinglinKit

extension Correction {
    /// The entries that hold with the change.
    func holding(_ change: Change) -> [DevelopmentEntry] {
        let kept = self.development.holding.filter { change.entry == nil || $0.id != self.old?.id }
        guard let new = change.holding else { return kept }
        return kept + [
            DevelopmentEntry(
                id: new.id, kind: new.kind, step: new.step, on: new.on, status: new.status,
                organization: new.organization, facts: new.facts, isImported: new.isImported,
                papers: self.old?.papers ?? 0, order: self.old?.order ?? .max)
        ]
    }

    /// How far the development has come with the change; the whole of it is judged again, and what is refused now that was not before is in
    /// its way.
    /// - Throws: `membership.stepRefused` with each step that would not be allowed any more.
    func judged(_ change: Change) throws -> Progress {
        let judge = self.development.judge
        let entries = self.holding(change)
        let before = Set(try judge.objections(self.development.holding, around: self.around).map(\.key))
        let against = try judge.objections(entries, around: self.around).filter { objection in
            // The corrected entry has a new id; it is judged as a new one is.
            !before.contains(objection.key)
        }
        guard against.isEmpty else { throw DevelopmentFault.refused(against) }
        let after = Progress(entries)
        try self.mustEndInTime(after)
        return after
    }

    private func around(_ one: DevelopmentEntry, _ progress: Progress) throws -> Circumstances {
        guard let step = one.step, let organization = progress.organization ?? one.organization else {
            return Circumstances()
        }
        return try Surroundings(organization: organization, person: self.development.person, call: self.call)
            .circumstances(of: step, on: one.on, facts: one.facts)
    }

    /// How many of the branch had a vote on a vote's right day, by the register.
    func registered(for vote: KeptVote, on day: LocalDate) throws -> Int? {
        guard day != vote.on, let organization = Progress(self.development.holding).organization else {
            return vote.registered
        }
        return try Surroundings(organization: organization, person: self.development.person, call: self.call)
            .circumstances(of: vote.purpose.step, on: day, facts: nil).entitled
    }

    /// Who was taken over as a full member is one from a day that has come, behind the meeting that admitted them.
    private func mustEndInTime(_ after: Progress) throws(Fault) {
        guard after.taken[DevelopmentStep.conversion]?.isImported == true,
            let (meeting, end) = after.probation(self.development.judge.values), end < meeting || end > self.call.today
        else { return }
        var finding = Finding(
            "DV-23", zh: "转正日期 \(end) 须在接收日期 \(meeting) 至今天之间；请先更正第24步的 probationEndedOn",
            en:
                "The standing would count from \(end), not between \(meeting) and today; correct probationEndedOn of step 24 first",
            who: .siteAdmin)
        finding.clause = self.development.judge.table[DevelopmentStep.conversion]?.source ?? ""
        throw DevelopmentFault.refused([finding])
    }

    /// A correction to an earlier day, of an outcome, or to none is a late record as much as any (DV-27).
    /// - Returns: the approval that allows it, where one is needed.
    /// - Throws: `membership.stepRefused`.
    func approval(_ change: Change, _ taking: StepTaking) throws -> RecordID? {
        guard self.old?.kind != .appraised, let was = self.old?.on ?? self.vote?.on,
            let day = change.vote?.on ?? change.entry?.on, change.isDecisive || day < was
        else { return nil }
        let beside: Int =
            switch self.old?.kind {
            case .withdrawn, .rejected: DevelopmentStep.admission
            default: DevelopmentStep.conversionVote
            }
        let (approval, late) = taking.lateness(step: self.old?.step ?? self.vote?.purpose.step ?? beside, on: day)
        if let late { throw DevelopmentFault.refused([late]) }
        return approval
    }
}
