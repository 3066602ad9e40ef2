internal import XinglinKit

/// The end of a development that is not the archive: given up, ended by the organisation, or a probation cancelled.
struct EndOfDevelopment {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let on: LocalDate
        let reason: String
        var documents: [PaperReference]?
    }

    struct Reply: Codable, Sendable {
        let status: String
        let statusZh: String
        let entryId: RecordID
        var memberId: RecordID?
    }

    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required("on", .date, "The day: today, or a few days before (DV-27), and not before the last step."),
        .required("reason", .text(1...200), "Why."), StepPapers.field)
    static let reply = Schema.object(
        .required("status", .code(1...40), "The state from then on."),
        .required("statusZh", .text(1...60), "The same in Chinese."),
        .required("entryId", .id, "The entry."), .optional("memberId", .id, "Who is a member no more."))

    let params: Params
    let call: Call
    let taking: StepTaking
    let progress: Progress

    /// - Throws: `host.notFound`; `membership.developmentEnded`; `host.invalidParams` for a day that has not come or lies too early.
    init(_ params: Params, _ call: Call) throws {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let development = try Developments.locked(params.candidateId, call)
        self.params = params
        self.call = call
        self.taking = try StepTaking(development, call)
        self.progress = development.progress
        try development.mustBeOpen(self.progress)
        let last = development.holding.map(\.on).max() ?? params.on
        guard params.on >= last else {
            throw Fault.invalid(
                "/on", expected: "\(last) or later: the day of the last entry", zh: "不早于最后一条记录的日期 \(last)")
        }
    }

    func memberAlready() throws -> Fault {
        let member = try self.taking.development.member(self.call)
        return DevelopmentFault.memberAlready.fault(
            .object(member.map { ["memberId": .string($0.description)] } ?? [:]))
    }

    func write(_ kind: EntryKind, _ state: SideState) throws -> Reply {
        let development = self.taking.development
        let isProbation = kind == .cancelled
        let (backdating, late) = self.taking.lateness(
            step: isProbation ? DevelopmentStep.conversionVote : DevelopmentStep.admission, on: self.params.on)
        if let late { throw DevelopmentFault.refused([late]) }
        let papers = try StepPapers.kept(self.params.documents, self.call)
        var entry = DevelopmentStore.New(
            id: self.call.newID(), candidate: development.id, on: self.params.on, kind: kind)
        entry.status = state.rawValue
        entry.backdating = backdating
        entry.reason = PlainText.trimmed(self.params.reason)
        try self.call.db.execute(DevelopmentStore.add(entry, self.taking.act), expecting: .rows(1))
        try StepPapers.add(papers, to: entry.id, self.call)
        let register = DevelopmentRegister(development: development, call: self.call, act: self.taking.act)
        var member: RecordID?
        if isProbation {
            member = try register.cancel(on: self.params.on, reason: entry.reason)
        } else {
            try register.release()
        }
        self.call.recordAccess(basis: "partyArchive", subjects: [development.id])
        self.call.note("kind", .string(kind.rawValue))
        return Reply(status: state.rawValue, statusZh: state.labelZh, entryId: entry.id, memberId: member)
    }

    static func examples(_ state: SideState) -> Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    candidateId: Sample.candidate, on: Sample.today, reason: "支部大会决议", documents: [Sample.paper]),
                Reply(status: state.rawValue, statusZh: state.labelZh, entryId: Sample.fact, memberId: Sample.member)
            ),
            minimal: (
                Params(candidateId: Sample.candidate, on: Sample.today, reason: "本人提出"),
                Reply(status: state.rawValue, statusZh: state.labelZh, entryId: Sample.fact)
            ))
    }
}
