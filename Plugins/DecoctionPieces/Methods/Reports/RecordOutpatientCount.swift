internal import XinglinKit

/// `decoction.outpatientCount.record`
struct RecordOutpatientCount: RPCMethod {
    struct Params: Codable, Sendable {
        let month: LocalDate
        var outpatientVisits: Int64?
        var tcmVisits: Int64?
        var outpatientPrescriptions: Int64?
        let source: String
        var corrects: Int?
        var reason: String?
    }

    struct Reply: Codable, Sendable {
        let month: LocalDate
        let version: Int
    }

    static let name = "decoction.outpatientCount.record"
    static let summary = """
        Records the visits and prescriptions of a month that the pharmacy cannot count itself (for C02 and C03), with their source; \
        a correction is a later version with its reason.
        """
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin, .integrator])
    static let params = Schema.object(
        .required("month", .date, "The first day of a month that is over."),
        .optional("outpatientVisits", Self.count, "All outpatient and emergency visits of the site."),
        .optional("tcmVisits", Self.count, "Those of Chinese medicine among them."),
        .optional("outpatientPrescriptions", Self.count, "All outpatient prescriptions, by person and visit."),
        .required("source", .text(1...200), "Where the numbers come from: a system or a return."),
        .optional(
            "corrects", .integer(1...1_000_000),
            "The version that it replaces whole, also the numbers that are not given anew; it must be the latest."),
        .optional("reason", .text(1...200), "Why it is corrected; needed with `corrects`."))
    static let reply = Schema.object(
        .required("month", .date, "The month."), .required("version", .integer(1...1_000_001), "The new version."))
    static let faults = [ReportFault.countExists, ReportFault.monthNotOver]

    private static let count = Schema.integer(0...100_000_000)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Self.check(params)
        guard params.month < call.today.firstOfMonth else {
            throw ReportFault.monthNotOver.fault(["month": .string(params.month.description)])
        }
        let act = try LotStore.Act(call)
        let new = OutpatientCountStore.New(
            month: params.month, version: (params.corrects ?? 0) + 1, outpatientVisits: params.outpatientVisits,
            tcmVisits: params.tcmVisits, outpatientPrescriptions: params.outpatientPrescriptions,
            source: PlainText.trimmed(params.source), reason: PlainText.trimmed(params.reason ?? ""))
        if try call.db.execute(OutpatientCountStore.record(new, act)) == 0 {
            let latest = try call.db.first(OutpatientCountStore.latest(params.month, site: act.site), as: Int64.self)
            throw ReportFault.countExists.fault([
                "month": .string(params.month.description), "version": .integer(latest ?? 0),
            ])
        }
        call.note("month", .string(params.month.description))
        call.note("version", .integer(Int64(new.version)))
        return Reply(month: params.month, version: new.version)
    }

    private static func check(_ params: Params) throws {
        guard params.month == params.month.firstOfMonth else {
            throw Fault.invalid("/month", expected: "the first day of a month", zh: "某月的第一天")
        }
        let counts = [params.outpatientVisits, params.tcmVisits, params.outpatientPrescriptions]
        guard counts.contains(where: { $0 != nil }) else {
            throw Fault.invalid("/outpatientVisits", expected: "one of the three numbers", zh: "至少填写三个数字之一")
        }
        if let all = params.outpatientVisits, let some = params.tcmVisits, some > all {
            throw Fault.invalid("/tcmVisits", expected: "at most `outpatientVisits`", zh: "不超过 outpatientVisits")
        }
        guard (params.corrects == nil) == (params.reason == nil) else {
            throw Fault.invalid("/reason", expected: "a reason with `corrects`, none without", zh: "更正时须写明原因，初次登记不填")
        }
    }

    static var examples: Examples<Params, Reply> {
        let month = Sample.monthBegin.adding(days: -1).firstOfMonth
        return Examples(
            full: (
                Params(
                    month: month, outpatientVisits: 4_210, tcmVisits: 1_180, outpatientPrescriptions: 3_950,
                    source: "HIS 门诊月报", corrects: 1, reason: "漏报急诊人次"), Reply(month: month, version: 2)
            ),
            minimal: (Params(month: month, source: "HIS 门诊月报"), Reply(month: month, version: 1)))
    }
}
