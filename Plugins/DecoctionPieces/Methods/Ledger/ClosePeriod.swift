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
        its value (PC-04). Toxic and narcotic pieces that left must have had their second person (8.4).
        """
    static let effect = Effect.write
    static let access = Access.roles([.reviewer, .siteAdmin])
    static let params = Schema.object(.required("month", .date, "The first day of a month that is over."))
    static let reply = Schema.object(
        .required("month", .date, "The month."),
        .required("lots", .integer(0...Int64.max), "How many lots there were at its end."),
        .required("valueFen", .integer(0...Int64.max), "What they cost, in fen."))
    static let faults = [LedgerFault.periodClosed, LedgerFault.periodNotOver, ToxicFault.unconfirmed]

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
        try Self.checkTwoPersons(params.month, act, call)
        let results = try call.db.batch([
            Statement(PeriodStore.balance(params.month, act)), Statement(PeriodStore.sum(params.month, site: act.site)),
        ])
        let sum = try results[1].first(as: (Int64, Int64).self)
        call.note("month", .string(params.month.description))
        return Reply(month: params.month, lots: sum?.0 ?? 0, valueFen: sum?.1 ?? 0)
    }

    /// Toxic and narcotic pieces that left in the month, or before it, had their second person (8.4).
    private static func checkTwoPersons(_ month: LocalDate, _ act: LotStore.Act, _ call: Call) throws {
        let open = try call.db.rows(
            ToxicDocumentStore.open(
                bookedBefore: month.adding(days: 31).firstOfMonth, site: act.site, after: ToxicDocumentStore.start,
                limit: 100))
        guard !open.isEmpty else { return }
        throw ToxicFault.unconfirmed.fault([
            "documents": .array(
                try open.decode(
                    as: (Timestamp, RecordID, String, String, LocalDate, RecordID, RecordID?, String, Int64).self
                ).map {
                    [
                        "documentId": .string($0.1.description), "bookedOn": .string($0.4.description),
                        "piecesZh": .string($0.7),
                    ]
                })
        ])
    }

    static var examples: Examples<Params, Reply> {
        let month = Sample.instant.localDate.firstOfMonth
        let example = (params: Params(month: month), reply: Reply(month: month, lots: 398, valueFen: 2_713_600))
        return Examples(full: example, minimal: example)
    }
}
