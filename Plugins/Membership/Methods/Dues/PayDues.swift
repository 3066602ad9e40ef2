internal import XinglinKit

/// `membership.dues.pay`
struct PayDues: RPCMethod {
    struct Params: Codable, Sendable {
        let memberId: RecordID
        var month: String?
        var months: [String]?
        let amountFen: Int64
        let on: LocalDate
        let how: PaymentKind
        var voluntary: Bool?
    }

    struct Reply: Codable, Sendable {
        let paymentId: RecordID
        let parts: [Part]
        let settledFen: Int64
        let voluntaryFen: Int64
        var voluntaryId: RecordID?
        var forCentre: Bool?
        let openFen: Int64
        let warnings: [DuesWarning]
    }

    struct Part: Codable, Sendable {
        let month: CalendarMonth
        let amountFen: Int64
        let backPayment: Bool

        static let schema = Schema.object(
            .required("month", CalendarMonth.schema, "The month."),
            .required("amountFen", .fen, "What was paid for it."),
            .required("backPayment", .boolean, "Whether the month was closed already."))
    }

    static let name = "membership.dues.pay"
    static let summary = """
        Books dues that a member paid: it settles the months named, or all that are owed, the oldest first (DUES). What is more than \
        that is refused unless it is declared as voluntary; then the rest goes into the voluntary ledger.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("memberId", .id, "The member; one who has left may still pay what was owed here."),
        .optional(
            "month", CalendarMonth.schema, "The month that it is for, YYYY-MM; the oldest ones owed unless told."),
        .optional("months", .array(CalendarMonth.schema, 1...120), "Or the months."),
        .required("amountFen", .paidFen, "What was paid, in fen."),
        .required("on", .date, "The day; today or earlier."),
        .required(
            "how", .enumeration(PaymentKind.codes),
            "cash, transfer, quarter (the months of a quarter at once) or proxy (by somebody else); the latter two with the branch's consent."
        ),
        .optional("voluntary", .boolean, "Whether what is more than the dues is given freely; false unless told."))
    static let reply = Schema.object(
        .required("paymentId", .id, "The payment."),
        .required("parts", .array(Part.schema, 0...1200), "What it settles."),
        .required("settledFen", .fen, "What of it is dues."),
        .required("voluntaryFen", .fen, "What of it was given freely."),
        .optional("voluntaryId", .id, "Its entry in the voluntary ledger."),
        .optional("forCentre", .boolean, "Whether that goes to the centre in full (DUES centralFen)."),
        .required("openFen", .fen, "What the member still owes, of all months assessed here."),
        .required("warnings", DuesWarning.list, "What DUES has to say, such as backPaymentMonths."))
    static let faults = [DuesFault.overpaid, DuesFault.notAssessed, MembershipFault.memberEnded]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let named = try Self.named(params)
        try DuesMembers.lock(params.memberId, call)
        let (open, closed) = try DuesMembers.lines(of: params.memberId, call)
        if let named {
            let missing = named.subtracting(open.map(\.month)).sorted()
            guard missing.isEmpty else { throw DuesFault.notAssessed.fault(["months": DuesFault.months(missing)]) }
        }
        let chosen = named.map { named in open.filter { named.contains($0.month) } } ?? open
        let settlement = Settlement(params.amountFen, over: chosen)
        guard settlement.restFen == 0 || params.voluntary == true else {
            throw DuesFault.overpaid.fault([
                "dueFen": .integer(settlement.openFen), "excessFen": .integer(settlement.restFen),
            ])
        }
        let limit = try MembershipRules.book(on: params.on, call).number(DuesRules.key("backPaymentMonths"))
        let payment = DuesPaymentStore.Payment(
            id: call.newID(), member: params.memberId, on: params.on, amountFen: params.amountFen, how: params.how)
        let gift = try self.book(payment, settlement, closed, call)
        call.recordAccess(basis: "partyDues", subjects: [params.memberId])
        call.note("paymentId", .string(payment.id.description))
        let owed = open.reduce(0) { $0 + max(0, $1.fen) }
        let settled = params.amountFen - settlement.restFen
        let late = settlement.late(on: params.on, after: limit)
        return Reply(
            paymentId: payment.id,
            parts: settlement.parts.map {
                Part(month: $0.month, amountFen: $0.fen, backPayment: closed.contains($0.month))
            },
            settledFen: settled, voluntaryFen: settlement.restFen, voluntaryId: gift?.id, forCentre: gift?.isForCentre,
            openFen: owed - settled, warnings: late.isEmpty ? [] : [.late(late, limit)])
    }

    /// - Throws: `host.invalidParams`.
    private static func named(_ params: Params) throws(Fault) -> Set<CalendarMonth>? {
        guard params.month == nil || params.months == nil else {
            throw Fault.invalid("/months", expected: "nothing beside /month", zh: "month 与 months 只填一项")
        }
        if let month = params.month { return [try CalendarMonth.read(month, at: "/month")] }
        guard let months = params.months else { return nil }
        var named: Set<CalendarMonth> = []
        for (index, month) in months.enumerated() {
            guard named.insert(try CalendarMonth.read(month, at: "/months/\(index)")).inserted else {
                throw Fault.invalid("/months/\(index)", expected: "each month once", zh: "每个月份只填一次")
            }
        }
        return named
    }

    private func book(
        _ payment: DuesPaymentStore.Payment, _ settlement: Settlement, _ closed: Set<CalendarMonth>, _ call: Call
    ) throws -> DuesGift.Booked? {
        let act = try Act(call)
        try call.db.batch([
            Statement(DuesPaymentStore.add(payment, act), .rows(1)),
            Statement(
                DuesPaymentStore.add(settlement.parts, closed: closed, of: payment, act), .rows(settlement.parts.count)),
        ])
        guard settlement.restFen > 0 else { return nil }
        return try DuesGift.book(
            settlement.restFen, of: payment.member, on: payment.on, payment: payment.id, note: "", call)
    }

    static var examples: Examples<Params, Reply> {
        let month = DuesSample.duesMonth
        return Examples(
            full: (
                Params(
                    memberId: Sample.member, month: DuesSample.month, months: [DuesSample.month], amountFen: 205_000,
                    on: Sample.today, how: .transfer, voluntary: true),
                Reply(
                    paymentId: DuesSample.payment, parts: [Part(month: month, amountFen: 5000, backPayment: true)],
                    settledFen: 5000, voluntaryFen: 200_000, voluntaryId: DuesSample.gift, forCentre: true, openFen: 0,
                    warnings: [.late([month], 6)])
            ),
            minimal: (
                Params(memberId: Sample.member, amountFen: 5000, on: Sample.today, how: .cash),
                Reply(
                    paymentId: DuesSample.payment, parts: [], settledFen: 5000, voluntaryFen: 0, openFen: 0,
                    warnings: [])
            ))
    }
}
