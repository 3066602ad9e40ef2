internal import XinglinKit

/// `membership.arrears.reverse`
struct ReverseArrearsNotice: RPCMethod {
    struct Params: Codable, Sendable {
        let noticeId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let noticeId: RecordID
        let memberId: RecordID
    }

    static let name = "membership.arrears.reverse"
    static let summary = """
        Takes back a notice or a talk about arrears that was recorded in error (DUES): the record stays and counts no more, so the agenda \
        asks for it again.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("noticeId", .id, "The record of `membership.arrears.notify`."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("noticeId", .id, "The record."), .required("memberId", .id, "Whose it was."))
    static let faults = [MembershipFault.factCorrected]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        guard
            let member = try call.db.first(ArrearsNoticeStore.owner(of: params.noticeId, site: site), as: RecordID.self)
        else { throw MembershipFault.notFound("noticeId", params.noticeId) }
        try DuesMembers.lock(member, call)
        guard try call.db.rows(DuesPaymentStore.reversal(of: params.noticeId, site: site)).isEmpty else {
            throw MembershipFault.factCorrected.fault()
        }
        try call.db.execute(
            DuesPaymentStore.reverse(params.noticeId, reason: PlainText.trimmed(params.reason), Act(call)),
            expecting: .rows(1))
        call.recordAccess(basis: "partyDues", subjects: [member])
        return Reply(noticeId: params.noticeId, memberId: member)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(noticeId: DuesSample.notice, reason: "登记到了另一名党员名下"),
            reply: Reply(noticeId: DuesSample.notice, memberId: Sample.member)
        )
        return Examples(full: example, minimal: example)
    }
}
