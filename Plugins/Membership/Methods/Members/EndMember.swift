internal import XinglinKit

/// `membership.member.end`
struct EndMember: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        let on: LocalDate
        let how: String
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let memberId: RecordID
        let factId: RecordID
        let status: MemberStatus
    }

    static let name = "membership.member.end"
    static let summary =
        "Records that a member has died, or is a member no more by the organisation's decision. What was stays on record."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member."),
        .required("on", .date, "From which day on: today or earlier, and no earlier than the member's last fact."),
        .required(
            "how", .enumeration(EndOfMembership.recorded),
            "died, withdrew (退党), lapsed (自行脱党), removed (除名) or expelled (开除党籍)."),
        .required("reason", .text(1...200), "The decision that says so."))
    static let reply = Schema.object(
        .required("memberId", .id, "The member."), .required("factId", .id, "The new fact."),
        .required("status", .enumeration(MemberStatus.codes), "ended."))
    static let faults = [MembershipFault.memberEnded, MembershipFault.factOutOfOrder]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        guard let how = EndOfMembership(rawValue: params.how) else {
            throw Fault.invalid("/how", expected: "one of the codes", zh: "所列代码之一")
        }
        let member = try Members.locked(params.memberId, on: params.on, call)
        try Members.mustFollow(params.memberId, on: params.on, call)
        let act = try Act(call)
        let fact = MemberStore.Fact(
            id: call.newID(), member: params.memberId, on: params.on, change: .ended, status: .ended, how: how,
            reason: PlainText.trimmed(params.reason))
        try call.db.batch([
            Statement(MemberStore.record(fact, act), .rows(1)),
            Statement(MemberStore.release(member.person, params.memberId, act), .rows(1)),
        ])
        call.recordAccess(basis: "partyRegister", subjects: [params.memberId])
        call.note("how", .string(how.rawValue))
        return Reply(memberId: params.memberId, factId: fact.id, status: .ended)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(memberId: Sample.member, on: Sample.today, how: "died", reason: "因病去世"),
            reply: Reply(memberId: Sample.member, factId: Sample.fact, status: .ended)
        )
        return Examples(full: example, minimal: example)
    }
}
