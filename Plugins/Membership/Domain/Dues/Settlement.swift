internal import XinglinKit

/// Shares a payment out over the months that are open of a member, the oldest first.
struct Settlement: Equatable, Sendable {
    /// What is still to be paid for a month.
    struct Open: Equatable, Sendable {
        let month: CalendarMonth
        let fen: Int64
    }

    /// What each month gets.
    let parts: [Open]
    /// What is left of the payment.
    let restFen: Int64
    /// What there was to be paid.
    let openFen: Int64

    init(_ amountFen: Int64, over open: [Open]) {
        var rest = amountFen
        var parts: [Open] = []
        for one in open.sorted(by: { $0.month < $1.month }) where rest > 0 && one.fen > 0 {
            let part = min(rest, one.fen)
            parts.append(Open(month: one.month, fen: part))
            rest -= part
        }
        self.parts = parts
        self.restFen = rest
        self.openFen = open.reduce(0) { $0 + max(0, $1.fen) }
    }

    /// The months that are paid for later than dues normally are (DUES backPaymentMonths).
    func late(on day: LocalDate, after months: Int64) -> [CalendarMonth] {
        self.parts.map(\.month).filter { Int64($0.months(to: CalendarMonth(of: day))) > months }
    }
}
