internal import XinglinKit

/// `membership.duesPayment.list`
struct ListDuesPayments: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let payments: RowList<Line>
        var next: String?
    }

    struct Line: Codable, Sendable {
        let paymentId: RecordID
        let on: LocalDate
        let how: PaymentKind
        let amountFen: Int64
        let parts: [PayDues.Part]
        var voluntaryId: RecordID?
        var voluntaryFen: Int64?
        var reversedAt: Timestamp?
        var reversalReason: String?
        let recordedAt: Timestamp
    }

    static let name = "membership.duesPayment.list"
    static let summary = "Lists a member's payments of dues (DUES), the latest recorded first, with the months they settle; reversed ones too."
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object([.required("memberId", .id, "The member.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "payments",
            .array(
                .object(
                    .required("paymentId", .id, "The payment."), .required("on", .date, "The day."),
                    .required("how", .enumeration(PaymentKind.codes), "How it came in."),
                    .required("amountFen", .fen, "All that was paid."),
                    .required("parts", .array(PayDues.Part.schema, 0...1200), "What it settles."),
                    .optional("voluntaryId", .id, "The rest's entry in the voluntary ledger."),
                    .optional("voluntaryFen", .fen, "The rest."),
                    .optional("reversedAt", .timestamp, "When it was taken back; it counts no more."),
                    .optional("reversalReason", .text(1...200), "Why."),
                    .required("recordedAt", .timestamp, "When it was recorded.")), 0...500),
            "The payments of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard !(try call.db.rows(MemberStore.standing(params.memberId, on: call.today)).isEmpty) else {
            throw MembershipFault.notFound("memberId", params.memberId)
        }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let before = try page.after(0) ?? RecordID(high: .max, low: .max)
        let sql = DuesPaymentStore.payments(of: params.memberId, before: before, limit: page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let next = hasMore ? try rows.last.first(as: RecordID.self) : nil
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        return Reply(
            payments: .json(rows.json(DuesPaymentStore.paymentColumns)), next: next.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            paymentId: DuesSample.payment, on: Sample.today, how: .cash, amountFen: 6000,
            parts: [.init(month: DuesSample.duesMonth, amountFen: 5000, backPayment: false)], voluntaryId: DuesSample.gift,
            voluntaryFen: 1000, reversedAt: Sample.instant, reversalReason: "金额录错", recordedAt: Sample.instant)
        return Examples(
            full: (
                Params(memberId: Sample.member, limit: 1, after: Page.cursor(DuesSample.gift.description)),
                Reply(payments: .elements([line]), next: Page.cursor(DuesSample.payment.description))
            ), minimal: (Params(memberId: Sample.member), Reply(payments: .elements([]))))
    }
}
