internal import XinglinKit

/// `membership.development.approveBackdating`
struct ApproveBackdating: RPCMethod {
    struct Params: Codable, Sendable {
        let candidateId: RecordID
        let step: Int
        let on: LocalDate
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let backdatingId: RecordID
    }

    static let name = "membership.development.approveBackdating"
    static let summary = """
        The higher committee allows a step to be recorded, or its outcome to be corrected, later than DV-27 does. Another account than this \
        one records it then, with the same step and day.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.administration
    static let params = Schema.object(
        .required("candidateId", .id, "The development."),
        .required(
            "step", .integer(1...25),
            "The step; 6 for an appraisal, 17 for the end of a development before admission, 19 for another branch or group, 23 for an extension or a cancellation."
        ),
        .required("on", .date, "The day on which it was taken, more than the rule's days ago."),
        .required("reason", .text(1...200), "Why it comes late."))
    static let reply = Schema.object(.required("backdatingId", .id, "The approval."))
    static let faults = [DevelopmentFault.approverNotEntitled, DevelopmentFault.developmentEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let development = try Developments.locked(params.candidateId, call)
        let progress = development.progress
        // What ended a development may be corrected, late ones too.
        if let closing = progress.closing, closing.kind == .transferredOut { throw DevelopmentFault.ended(closing) }
        let first = call.today.adding(days: -development.judge.values.backDatingDays)
        guard params.on < first else {
            throw Fault.invalid(
                "/on", expected: "a day before \(first); later ones need no approval (DV-27)",
                zh: "早于 \(first) 的日期；其后的无须批准（DV-27）")
        }
        let chain = try progress.organization.map { try Organizations.above($0, on: call.today, call) } ?? []
        try HigherCommittee(chain: chain).mustInclude(call.caller, at: call.site)
        let id = call.newID()
        try call.db.execute(
            DevelopmentStore.add(
                .init(
                    id: id, candidate: development.id, step: params.step, on: params.on,
                    reason: PlainText.trimmed(params.reason)), Act(call)), expecting: .rows(1))
        call.recordAccess(basis: "partyArchive", subjects: [development.id])
        call.note("step", .integer(Int64(params.step)))
        return Reply(backdatingId: id)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(
                candidateId: Sample.candidate, step: 2, on: Sample.today.adding(days: -30), reason: "支部事务员住院，材料齐全"),
            reply: Reply(backdatingId: Sample.other)
        )
        return Examples(full: example, minimal: example)
    }
}
