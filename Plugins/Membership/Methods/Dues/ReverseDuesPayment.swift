internal import XinglinKit

/// `membership.dues.reversePayment`
struct ReverseDuesPayment: RPCMethod {
    struct Params: Codable, Sendable {
        let paymentId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let paymentId: RecordID
        let memberId: RecordID
    }

    static let name = "membership.dues.reversePayment"
    static let summary = """
        Takes back a payment, or a voluntary one given by itself, that was booked in error: the record stays and counts no more. What a \
        month was closed with stays (DUES).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("paymentId", .id, "The payment of `membership.dues.pay`, or the entry of `membership.dues.donate`."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("paymentId", .id, "The payment."), .required("memberId", .id, "Whose it was."))
    static let faults = [DuesFault.paymentSettled]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        guard
            let member = try call.db.first(DuesPaymentStore.owner(of: params.paymentId, site: site), as: RecordID.self)
        else { throw MembershipFault.notFound("paymentId", params.paymentId) }
        try DuesMembers.lock(member, call)
        let results = try call.db.batch([
            Statement(DuesPaymentStore.lockMonths(of: member, site: site)),
            Statement(DuesPaymentStore.settled(params.paymentId, site: site)),
            Statement(DuesPaymentStore.reversal(of: params.paymentId, site: site)),
        ])
        guard results[2].isEmpty else { throw DuesFault.paymentSettled.fault(["state": "reversed"]) }
        let months = try results[1].decode(as: CalendarMonth.self)
        guard months.isEmpty else {
            throw DuesFault.paymentSettled.fault(["state": "closed", "months": DuesFault.months(months)])
        }
        try call.db.execute(
            DuesPaymentStore.reverse(params.paymentId, reason: PlainText.trimmed(params.reason), Act(call)),
            expecting: .rows(1))
        call.recordAccess(basis: "partyDues", subjects: [member])
        call.note("paymentId", .string(params.paymentId.description))
        return Reply(paymentId: params.paymentId, memberId: member)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(paymentId: DuesSample.payment, reason: "金额录错"),
            reply: Reply(paymentId: DuesSample.payment, memberId: Sample.member)
        )
        return Examples(full: example, minimal: example)
    }
}
