internal import XinglinKit

/// A correction on its way into the record: of an entry, of a vote, or of a vote with the step that it took.
struct Correction {
    let development: Developments
    let params: CorrectDevelopment.Params
    let call: Call
    /// The entry whose place is taken; nil where a vote had not passed.
    let old: DevelopmentEntry?
    let vote: KeptVote?

    /// What is written.
    struct Change {
        /// In the place of the old entry, or as the step that a vote took after all; nil where no entry is touched.
        var entry: DevelopmentStore.New?
        var vote: DevelopmentStore.Vote?
        /// Whether another outcome or none holds from now on, not a day or a wording alone.
        var isDecisive = false

        /// The row that takes the place.
        var id: RecordID? { self.entry?.id ?? self.vote?.id }
        /// Whether the entry says that something has happened.
        var holding: DevelopmentStore.New? { self.entry.flatMap { $0.isVoid ? nil : $0 } }
    }

    /// - Throws: `host.notFound`; `membership.entryCorrected`; `membership.developmentEnded` where the person has left.
    init(_ params: CorrectDevelopment.Params, _ development: Developments, _ call: Call) throws {
        if let closing = development.progress.closing, closing.kind == .transferredOut {
            throw DevelopmentFault.ended(closing)
        }
        self.params = params
        self.development = development
        self.call = call
        if let named = development.votes.first(where: { $0.id == params.entryId }) {
            guard named.holds else { throw DevelopmentFault.entryCorrected.fault() }
            self.vote = named
            self.old = development.rows.first { $0.entry.id == named.entry && $0.holds }?.entry
            return
        }
        guard let row = development.rows.first(where: { $0.entry.id == params.entryId }) else {
            throw MembershipFault.notFound("entryId", params.entryId)
        }
        guard row.holds else { throw DevelopmentFault.entryCorrected.fault() }
        self.old = row.entry
        self.vote = development.votes.first { $0.entry == row.entry.id && $0.holds }
    }

    /// What is to be written.
    /// - Throws: `host.invalidParams` where nothing is corrected, or what a correction cannot change.
    func change() throws -> Change {
        let isVoid = self.params.void ?? false
        guard isVoid != (self.params.on != nil || self.params.facts != nil) else {
            throw Fault.invalid("/on", expected: "on or facts, or void alone", zh: "须填更正后的日期或内容，或仅作废")
        }
        if let day = self.params.on, day > self.call.today { throw MembershipFault.future("/on") }
        if let vote = self.vote { return try self.change(of: vote, isVoid: isVoid) }
        guard let old = self.old else { return Change() }
        try Self.mustBeCorrectable(old, isVoid: isVoid)
        guard !isVoid else { return Change(entry: self.void(old), isDecisive: old.kind != .appraised) }
        var entry = self.new(in: old.kind, step: old.step, on: self.params.on ?? old.on)
        entry.facts = try self.params.facts.map { try self.facts($0, instead: old) } ?? old.facts
        entry.status = self.status(of: entry, instead: old)
        entry.organization = old.organization
        entry.isImported = old.isImported
        entry.corrects = old.id
        guard entry.on != old.on || entry.facts != old.facts else { throw Self.nothingNew }
        let isOutcome =
            old.step.map { Progress.state(after: $0, entry.facts, in: self.table) }
            != old.step.map {
                Progress.state(after: $0, old.facts, in: self.table)
            }
        return Change(entry: entry, isDecisive: isOutcome || (old.kind == .extended && entry.facts != old.facts))
    }

    private static var nothingNew: Fault {
        Fault.invalid("/on", expected: "another day, or other facts, than the entry has", zh: "与原条目不同的日期或内容")
    }

    private var table: StepTable { self.development.judge.table }

    private static func mustBeCorrectable(_ old: DevelopmentEntry, isVoid: Bool) throws(Fault) {
        let ends: [EntryKind] = [.cancelled, .withdrawn, .rejected]
        guard [.step, .appraised, .extended].contains(old.kind) || (isVoid && ends.contains(old.kind)) else {
            throw Fault.invalid(
                "/entryId",
                expected: "a step, a vote, an appraisal or an extension; the end of a development only void",
                zh: "步骤、表决、考察或延长预备期的条目；终止的条目只能作废")
        }
        guard !isVoid || old.step != 1 else {
            throw Fault.invalid(
                "/void", expected: "not of the application: see membership.development.withdraw",
                zh: "申请不能作废，用 membership.development.withdraw")
        }
    }

    private func new(in kind: EntryKind, step: Int?, on day: LocalDate) -> DevelopmentStore.New {
        var entry = DevelopmentStore.New(
            id: self.call.newID(), candidate: self.development.id, on: day, kind: kind, step: step)
        entry.versions = step.map { self.development.judge.versions(for: $0) } ?? [:]
        entry.reason = PlainText.trimmed(self.params.reason)
        return entry
    }

    private func void(_ old: DevelopmentEntry) -> DevelopmentStore.New {
        var entry = self.new(in: old.kind, step: old.step, on: old.on)
        entry.facts = old.facts
        entry.isImported = old.isImported
        entry.corrects = old.id
        entry.isVoid = true
        return entry
    }

    /// The vote as it was, and the step that it took: none where it did not pass after all.
    private func change(of vote: KeptVote, isVoid: Bool) throws -> Change {
        let count = try self.params.facts.map { try Self.count($0) } ?? vote.count
        try count.check(at: "/facts")
        let values = self.development.judge.values
        let outcome = count.outcome(
            attendanceOver: values.attendanceOverPercent, inFavourOver: values.inFavourOverPercent)
        let day = self.params.on ?? vote.on
        guard isVoid || day != vote.on || count != vote.count else { throw Self.nothingNew }
        var change = Change(isDecisive: isVoid || count != vote.count)
        if outcome.isPassed, !isVoid {
            var entry = self.new(in: .step, step: vote.purpose.step, on: day)
            entry.facts = count.facts
            entry.status = self.status(of: entry, instead: self.old)
            entry.corrects = self.old?.id
            change.entry = entry
        } else if let old = self.old {
            change.entry = self.void(old)
        }
        change.vote = DevelopmentStore.Vote(
            id: self.call.newID(), candidate: self.development.id, on: day, purpose: vote.purpose, count: count,
            registered: try self.registered(for: vote, on: day), outcome: outcome,
            version: values.versions["DV-15"] ?? "0", entry: change.holding?.id, corrects: vote.id,
            isVoid: isVoid, reason: PlainText.trimmed(self.params.reason))
        return change
    }

    /// - Throws: `host.invalidParams`.
    private static func count(_ json: JSONValue) throws(Fault) -> VoteCount {
        let facts = try RecordStep.facts(json, of: DevelopmentStep.admissionVote)
        func number(_ name: String) -> Int { Int(facts.number(name) ?? 0) }
        func stated(_ name: String) -> VoteCount.Stated? {
            guard let told = facts.json[name], let number = told["number"]?.integerValue else { return nil }
            return VoteCount.Stated(number: Int(number), reason: told["reason"]?.stringValue ?? "")
        }
        return VoteCount(
            due: number("due"), present: number("present"), writtenInFavour: number("writtenInFavour"),
            inFavour: number("inFavour"), recused: number("recused"), countedOut: stated("countedOut"),
            unregistered: stated("unregistered"))
    }

    private func facts(_ json: JSONValue, instead old: DevelopmentEntry) throws(Fault) -> StepFacts {
        guard let step = old.step else {
            guard old.kind == .extended else {
                throw Fault.invalid(
                    "/facts", expected: "nothing: only the day of this entry is corrected", zh: "此条目只能更正日期")
            }
            return try RecordStep.facts(json, of: DevelopmentStep.conversionVote, schema: StepFactsSchema.ofExtension)
        }
        var facts = try RecordStep.facts(
            json, of: step, schema: old.isImported ? StepFactsSchema.partial(of: step) : nil)
        guard facts.text("groupId") == old.facts.text("groupId") else {
            throw Fault.invalid(
                "/facts/groupId", expected: "the same as before; another one by membership.member.assign",
                zh: "与原记录相同；调整党小组用 membership.member.assign")
        }
        for name in ["approvedBy", StepFacts.probationEndedOn] where facts.text(name) == nil {
            if let kept = old.facts.text(name) { facts = facts.adding(name, .string(kept)) }
        }
        return facts
    }

    /// The state that it leads to, where the outcome of the step has changed; else what it was.
    private func status(of entry: DevelopmentStore.New, instead old: DevelopmentEntry?) -> String? {
        guard let step = entry.step else { return old?.status }
        let new = Progress.state(after: step, entry.facts, in: self.table)
        if let old, new == Progress.state(after: step, old.facts, in: self.table) { return old.status }
        let others = Progress(self.development.holding.filter { $0.id != old?.id })
        return others.isFurthest(step) ? new : nil
    }
}
