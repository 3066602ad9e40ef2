internal import XinglinKit

/// A correction of an entry on its way into the record.
struct Correction {
    let old: DevelopmentEntry
    let development: Developments

    /// The entry as it should have been.
    /// - Throws: `host.invalidParams` where nothing is corrected, or what a correction cannot change.
    func corrected(_ params: CorrectDevelopment.Params, _ call: Call) throws -> DevelopmentStore.New {
        guard self.old.kind == .step || self.old.kind == .appraised || self.old.kind == .extended else {
            throw Fault.invalid("/entryId", expected: "a step, an appraisal or an extension", zh: "步骤、考察或延长预备期的条目")
        }
        let day = params.on ?? self.old.on
        guard day <= call.today else { throw MembershipFault.future("/on") }
        guard params.on != nil || params.facts != nil else {
            throw Fault.invalid("/on", expected: "on or facts", zh: "须填更正后的日期或内容")
        }
        var entry = DevelopmentStore.New(
            id: call.newID(), candidate: self.development.id, on: day, kind: self.old.kind, step: self.old.step)
        entry.facts = try params.facts.map { try self.facts($0) } ?? self.old.facts
        entry.status = self.status(of: entry)
        entry.organization = self.old.organization
        entry.versions = self.old.step.map { self.development.judge.versions(for: $0) } ?? [:]
        entry.isImported = self.old.isImported
        entry.reason = PlainText.trimmed(params.reason)
        entry.corrects = self.old.id
        return entry
    }

    private func facts(_ json: JSONValue) throws(Fault) -> StepFacts {
        guard let step = self.old.step, !DevelopmentStep.votes.contains(step) else {
            throw Fault.invalid("/facts", expected: "nothing: only the day of this entry is corrected", zh: "此条目只能更正日期")
        }
        var facts = try RecordStep.facts(
            json, of: step, schema: self.old.isImported ? StepFactsSchema.partial(of: step) : nil)
        for name in ["decision", "groupId"] where facts.text(name) != self.old.facts.text(name) {
            throw Fault.invalid("/facts/\(name)", expected: "the same as before", zh: "与原记录相同")
        }
        if facts.text("approvedBy") == nil, let approver = self.old.facts.text("approvedBy") {
            facts = facts.adding("approvedBy", .string(approver))
        }
        return facts
    }

    /// The state that it leads to, where the outcome of the step has changed; else what it was.
    private func status(of entry: DevelopmentStore.New) -> String? {
        guard let step = entry.step else { return self.old.status }
        let table = self.development.judge.table
        let new = Progress.state(after: step, entry.facts, in: table)
        guard new != Progress.state(after: step, self.old.facts, in: table) else { return self.old.status }
        let others = Progress(self.development.holding.filter { $0.id != self.old.id })
        return others.isFurthest(step) ? new : nil
    }

    /// How far the development has come with the corrected entry; the whole of it is judged again, and what is refused now that was not
    /// before is in its way.
    /// - Throws: `membership.stepRefused` with each step that would not be allowed any more.
    func judged(_ entry: DevelopmentStore.New, _ call: Call) throws -> Progress {
        let holding = self.development.holding
        let entries = holding.map { one in
            guard one.id == self.old.id else { return one }
            return DevelopmentEntry(
                id: entry.id, kind: entry.kind, step: entry.step, on: entry.on, status: entry.status,
                organization: entry.organization, facts: entry.facts, isImported: entry.isImported, papers: one.papers)
        }
        let judge = self.development.judge
        func around(_ one: DevelopmentEntry, _ progress: Progress) throws -> Circumstances {
            guard let step = one.step, let organization = progress.organization ?? one.organization else {
                return Circumstances()
            }
            return try Surroundings(organization: organization, person: self.development.person, call: call)
                .circumstances(of: step, on: one.on, facts: one.facts)
        }
        let before = Set(try judge.objections(holding, around: around).map(\.key))
        let against = try judge.objections(entries, around: around).filter { objection in
            // The corrected entry has a new id; it is judged as a new one is.
            !before.contains(objection.key)
        }
        guard against.isEmpty else { throw DevelopmentFault.refused(against) }
        return Progress(entries)
    }
}
