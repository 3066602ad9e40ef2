internal import XinglinKit

/// `membership.dues.closeMonth`
struct CloseDuesMonth: RPCMethod {
    struct Params: Codable, Sendable {
        let organizationId: RecordID
        let month: String
    }

    struct Reply: Codable, Sendable {
        let organizationId: RecordID
        let month: CalendarMonth
        let state: DuesMonthState
        let sums: DuesSums
        let unassessed: [Assessing.Missing]
        let warnings: [DuesWarning]
    }

    static let name = "membership.dues.closeMonth"
    static let summary = """
        Assesses a branch's month once more and closes it for good (DUES): each line is due = paid + waived + arrears, and never changes. \
        What is paid later is a back-payment for the month. Months are closed in their order.
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("organizationId", .id, "The branch."),
        .required("month", CalendarMonth.schema, "The month, YYYY-MM, which has begun; the first that is not closed."))
    static let reply = Schema.object(
        .required("organizationId", .id, "The branch."), .required("month", CalendarMonth.schema, "The month."),
        .required("state", .enumeration(DuesMonthState.codes), "closed."),
        .required("sums", DuesSums.schema, "What it was closed with."),
        .required(
            "unassessed", AssessDues.missing,
            "Who owes and has no line: they stand in the agenda until the base is recorded and the month assessed again."
        ),
        .required("warnings", DuesWarning.list, "What the officer should know."))
    static let faults = [
        DuesFault.notABranch, DuesFault.monthState, DuesFault.monthOutOfOrder, DuesFault.excess,
        MembershipFault.organizationEnded,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = try CalendarMonth.read(params.month, at: "/month")
        guard month.first <= call.today else {
            throw Fault.invalid("/month", expected: "a month that has begun", zh: "已经开始的月份")
        }
        let branch = try DuesBranch(params.organizationId, month, call)
        let state = try branch.locked()
        guard state == .open else { throw DuesFault.monthState(state) }
        if let open = try branch.range().open, open != month { throw DuesFault.monthOutOfOrder(open) }
        let outcome = try Assessing(branch: branch, isClosed: false).run()
        let excess = try Self.reversible(outcome.overpaid, month, call)
        guard excess.isEmpty else {
            throw DuesFault.excess.fault([
                "members": .array(
                    excess.map {
                        ["memberId": .string($0.memberId.description), "excessFen": .integer($0.excessFen)]
                    })
            ])
        }
        let act = try Act(call)
        try call.db.batch([
            Statement(
                DuesLineStore.close(month, of: branch.id, outcome.sums, unassessed: outcome.unassessed.count, act),
                .rows(1)),
            Statement(DuesLineStore.keep(month, of: branch.id, site: act.site), .rows(outcome.sums.lines)),
            Statement(
                DuesLineStore.keep(outcome.unassessed, month, of: branch.id, site: act.site),
                .rows(outcome.unassessed.count)),
        ])
        call.recordAccess(basis: "partyDues", subjects: outcome.members)
        call.note("organizationId", .string(branch.id.description))
        call.note("month", .string(month.description))
        return Reply(
            organizationId: branch.id, month: month, state: .closed, sums: outcome.sums, unassessed: outcome.unassessed,
            warnings: (call.today <= month.last ? [.monthNotOver(month)] : [])
                + (outcome.overpaid.isEmpty ? [] : [.excessKept(month, outcome.overpaid.map(\.excessFen).reduce(0, +))])
        )
    }

    /// What was paid too much by payments that can still be reversed. One with a part in a closed month stays, and its excess with it:
    /// somebody who paid for a quarter and died in it does not hold up the branch.
    private static func reversible(
        _ overpaid: [Assessing.Excess], _ month: CalendarMonth, _ call: Call
    ) throws -> [Assessing.Excess] {
        guard !overpaid.isEmpty else { return [] }
        let sql = DuesPaymentStore.reversible(of: overpaid.map(\.memberId), in: month, site: try call.site.id)
        let reversible: Set<RecordID> = Set(try call.db.query(sql, as: RecordID.self))
        return overpaid.filter { reversible.contains($0.memberId) }
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(organizationId: Sample.branch, month: DuesSample.month)
        func reply(_ unassessed: [Assessing.Missing], _ warnings: [DuesWarning]) -> Reply {
            Reply(
                organizationId: Sample.branch, month: DuesSample.duesMonth, state: .closed, sums: DuesSums.sample,
                unassessed: unassessed, warnings: warnings)
        }
        let missing = Assessing.Missing(
            memberId: Sample.other, reason: .noBase, reasonZh: Unassessed.noBase.labelZh)
        return Examples(
            full: (params, reply([missing], [.monthNotOver(DuesSample.duesMonth)])), minimal: (params, reply([], [])))
    }
}

/// What a rule has to say of something that is done all the same.
struct DuesWarning: Codable, Sendable {
    let rule: String
    var parameter: String?
    let months: [CalendarMonth]
    let textZh: String
    let textEn: String

    static let list = Schema.array(
        .object(
            .required("rule", .code(1...20), "The rule."),
            .optional("parameter", .code(1...40), "Which of its values."),
            .required("months", .array(CalendarMonth.schema, 0...1200), "The months that it is about."),
            .required("textZh", .text(1...200), "The warning in Chinese."),
            .required("textEn", .text(1...200), "The warning in English.")), 0...10)

    /// What stays beyond the sums of the month, to be given back or declared voluntary outside of it.
    static func excessKept(_ month: CalendarMonth, _ fen: Int64) -> DuesWarning {
        DuesWarning(
            rule: DuesRules.id, months: [month], textZh: "有 \(fen) 分多交且其缴费已部分结账，不计入本月合计，请另行退还或转为自愿交纳",
            textEn:
                "\(fen) fen too much were paid by payments closed in part: give them back, or book them as voluntary")
    }

    static func monthNotOver(_ month: CalendarMonth) -> DuesWarning {
        DuesWarning(
            rule: DuesRules.id, months: [month], textZh: "该月尚未结束：此后缴纳的计为补交，此后接收的预备党员须补充核定（DUES、DV-20）",
            textEn:
                "The month is not over: what is paid from now on is a back-payment, and who is admitted is assessed later"
        )
    }

    static func late(_ months: [CalendarMonth], _ limit: Int64) -> DuesWarning {
        DuesWarning(
            rule: DuesRules.id, parameter: "backPaymentMonths", months: months, textZh: "补交一般不超过 \(limit) 个月（DUES）",
            textEn: "Dues are normally paid at most \(limit) months in arrear (DUES)")
    }
}
