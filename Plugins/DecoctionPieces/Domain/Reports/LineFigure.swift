internal import XinglinKit

/// A figure of a report whose lines can be listed; the lines add up to it.
enum LineFigure: String, CaseIterable, Codable, Sendable, SQLBindable {
    /// What there was when the first day began, and at the end of the last.
    case opening, closing
    /// What came in and went out, of all kinds of movements.
    case `in`, out
    /// Issues, shipments and what came back of them; what stocktakes found missing and too much; disposals; shortage and disposals.
    case issued, shortage, surplus, writeOff, loss
    case submitted, approved, refused, withdrawn
    /// Prescriptions in which a rule found something; reviews that refused such a one; second signatures.
    case found, refusedUnder, signed

    /// What the lines of a figure are.
    enum Source {
        case balance, movements, prescriptions
    }

    var source: Source {
        switch self {
        case .opening, .closing: .balance
        case .in, .out, .issued, .shortage, .surplus, .writeOff, .loss: .movements
        case .submitted, .approved, .refused, .withdrawn, .found, .refusedUnder, .signed: .prescriptions
        }
    }

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
