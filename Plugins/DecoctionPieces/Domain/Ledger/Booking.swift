internal import XinglinKit

/// The day on which a document is booked: today, or an earlier one whose month is still open.
enum Booking {
    static let field = Schema.Field.optional(
        "bookedOn", .date, "The day on which it is booked, in an open month and not in the future; today unless told.")

    /// - Throws: `host.invalidParams` for a day to come, `decoction.periodClosed`.
    static func day(_ asked: LocalDate?, _ call: Call) throws -> LocalDate {
        guard let day = asked, day != call.today else { return call.today }
        guard day < call.today else {
            throw Fault.invalid("/bookedOn", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        let site = try call.site.id
        try call.db.batch([
            Statement(PeriodStore.share(site: site)),
            Statement(
                PeriodStore.isOpen(day, site: site), .rows(1),
                otherwise: LedgerFault.periodClosed.fault(["bookedOn": .string(day.description)])),
        ])
        return day
    }
}
