internal import XinglinKit

/// What exports of the register are asked for.
struct RegisterQuery {
    let root: RecordID?
    let day: LocalDate
    /// What whole names are needed for; nil where they are masked.
    let purpose: ViewPurpose?

    static let organization = Schema.Field.optional(
        "organizationId", .id, "Only this organisation and what stands below it; the readable sites unless told.")
    static let asOf = Schema.Field.optional("asOf", .date, "The day, today or earlier; today unless told.")

    /// The lines of one page.
    static let portion = 500
    static let first = RecordID(high: 0, low: 0)

    /// - Throws: `host.invalidParams` for a day that has not come; what `Organizations.living` throws.
    init(_ params: JSONValue, _ call: Call) throws {
        self.day = params["asOf"]?.stringValue.flatMap { LocalDate($0) } ?? call.today
        guard self.day <= call.today else { throw MembershipFault.future("/asOf") }
        self.root = params["organizationId"]?.stringValue.flatMap { RecordID($0) }
        if let root = self.root { _ = try Organizations.living(root, on: self.day, call) }
        self.purpose = params["unmask"]?["purpose"]?.stringValue.flatMap { ViewPurpose(rawValue: $0) }
    }

    /// The place behind which the next page begins.
    static func place(_ last: [String]?) -> RecordID { last?.first.flatMap { RecordID($0) } ?? Self.first }
}
