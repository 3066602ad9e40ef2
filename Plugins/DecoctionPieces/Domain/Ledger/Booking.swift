internal import XinglinKit

/// The day on which a document is booked: today, or an earlier one whose month is still open.
enum Booking {
    static let field = Schema.Field.optional(
        "bookedOn", .date,
        "The day on which it is booked, in an open month, not in the future and no longer ago than PC-04 backDatingDays; today unless told."
    )

    /// - Parameter producedOn: when what is received was produced; nothing of it was there before.
    /// - Throws: `host.invalidParams` for a day to come or too long ago, `decoction.periodClosed`.
    static func day(_ asked: LocalDate?, producedOn: LocalDate? = nil, _ call: Call) throws -> LocalDate {
        guard let day = asked, day != call.today else { return call.today }
        guard day < call.today else {
            throw Fault.invalid("/bookedOn", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        if let producedOn, day < producedOn {
            throw Fault.invalid("/bookedOn", expected: "a date not before producedOn", zh: "不早于生产日期 producedOn")
        }
        let site = try call.site.id
        let rules = try PharmacyRules.book(on: call.today, call)
        let bounds = RuleKey.backDatingBounds
        let days = min(max(try rules.number(.backDatingDays), bounds.lowerBound), bounds.upperBound)
        let first = call.today.adding(days: -Int(days))
        guard day >= first else {
            throw Fault.invalid(
                "/bookedOn", expected: "a date from \(first) on (PC-04 backDatingDays \(days))",
                zh: "不早于 \(first) 的日期（PC-04 backDatingDays：补记不超过 \(days) 天）")
        }
        try call.db.batch([
            Statement(PeriodStore.share(site: site)),
            Statement(
                PeriodStore.isOpen(day, site: site), .rows(1),
                otherwise: LedgerFault.periodClosed.fault(["bookedOn": .string(day.description)])),
        ])
        return day
    }
}
