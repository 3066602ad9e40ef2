internal import XinglinKit

/// `decoction.period.close`
struct ClosePeriod: RPCMethod {
    struct Params: Codable, Sendable {
        let month: LocalDate
    }

    struct Reply: Codable, Sendable {
        let month: LocalDate
        let lots: Int64
        let valueFen: Int64
    }

    static let name = "decoction.period.close"
    static let summary = """
        Closes a month, and all before it: nothing is booked in it any more, and what lay where at its end is written down with \
        its value (PC-04).
        """
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(.required("month", .date, "The first day of a month that is over."))
    static let reply = Schema.object(
        .required("month", .date, "The month."),
        .required("lots", .integer(0...Int64.max), "How many lots there were at its end."),
        .required("valueFen", .integer(0...Int64.max), "What they cost, in fen."))
    static let faults = [LedgerFault.periodClosed, LedgerFault.periodNotOver]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.month == params.month.firstOfMonth else {
            throw Fault.invalid("/month", expected: "the first day of a month", zh: "某月一日")
        }
        // An hour after its end no call of that month runs any more.
        guard call.now.adding(seconds: -3600).localDate.firstOfMonth > params.month else {
            throw LedgerFault.periodNotOver.fault(["month": .string(params.month.description)])
        }
        let act = try LotStore.Act(call)
        try call.db.batch([
            Statement(PeriodStore.own(site: act.site)),
            Statement(
                PeriodStore.close(params.month, act), .rows(1),
                otherwise: LedgerFault.periodClosed.fault(["month": .string(params.month.description)])),
        ])
        let results = try call.db.batch([
            Statement(PeriodStore.balance(params.month, act)), Statement(PeriodStore.sum(params.month, site: act.site)),
        ])
        let sum = try results[1].first(as: (Int64, Int64).self)
        call.note("month", .string(params.month.description))
        return Reply(month: params.month, lots: sum?.0 ?? 0, valueFen: sum?.1 ?? 0)
    }

    static var examples: Examples<Params, Reply> {
        let month = Sample.instant.localDate.firstOfMonth
        let example = (params: Params(month: month), reply: Reply(month: month, lots: 398, valueFen: 2_713_600))
        return Examples(full: example, minimal: example)
    }
}
