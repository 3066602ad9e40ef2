internal import XinglinKit

/// `decoction.spotCheck.due`
struct DueSpotChecks: RPCMethod {
    struct Params: Codable, Sendable {
        var month: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let month: LocalDate
        let dispensed: Int64
        let required: Int64
        let checked: Int64
        let failed: Int64
        let due: Int64
    }

    static let name = "decoction.spotCheck.due"
    static let summary = "Says how many dispensings of a month were spot-checked, and how many still have to be (8.4)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        .optional("month", .date, "Any day of the month; this month unless told."))
    static let reply = Schema.object(
        .required("month", .date, "The first day of the month."),
        .required("dispensed", .integer(0...Int64.max), "How many were dispensed and not taken back."),
        .required("required", .integer(0...Int64.max), "How many of them the rule wants checked, rounded up."),
        .required("checked", .integer(0...Int64.max), "How many were."),
        .required("failed", .integer(0...Int64.max), "How many of those did not pass."),
        .required("due", .integer(0...Int64.max), "How many are still missing."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let month = (params.month ?? call.today).firstOfMonth
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(PharmacyRules.table.valid(on: call.today, site: site)),
            Statement(SpotCheckStore.counts(month, site: site)),
        ])
        let percent = try PharmacyRules.book(results[0]).number(.spotCheckPercent)
        let found: (Int64, Int64, Int64)? = try results[1].first()
        let counts = found ?? (0, 0, 0)
        let required = (counts.0 * percent + 99) / 100
        return Reply(
            month: month, dispensed: counts.0, required: required, checked: counts.1, failed: counts.2,
            due: max(0, required - counts.1))
    }

    static var examples: Examples<Params, Reply> {
        let month = Sample.instant.localDate.firstOfMonth
        return Examples(
            full: (
                Params(month: Sample.instant.localDate),
                Reply(month: month, dispensed: 1_204, required: 25, checked: 11, failed: 1, due: 14)
            ),
            minimal: (Params(), Reply(month: month, dispensed: 0, required: 0, checked: 0, failed: 0, due: 0)))
    }
}
