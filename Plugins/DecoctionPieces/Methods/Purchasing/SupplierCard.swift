internal import XinglinKit

/// A supplier as the lists show it, with how its licence stands today.
struct SupplierCard: Codable, Sendable {
    let supplierId: RecordID
    let nameZh: String
    let licence: String
    var version: Int
    var licenceKind: LicenceKind?
    var licenceEnds: LocalDate?
    var designatedToxic: Bool?
    var designationNumber: String?
    var withdrawnOn: LocalDate?
    let licenceState: LicenceState
    let licenceStateZh: String

    static let schema = Schema.object(
        [
            .required("supplierId", .id, "The supplier."),
            .required("nameZh", .text(1...100), "The name on its licence."),
            .required("licence", .text(1...60), "The number of its licence."),
            .required("version", .integer(1...1_000_000_000), "How often the record was changed, and one."),
        ] + Self.details + [
            .optional("withdrawnOn", .date, "Since when nothing is received from it."),
            .required("licenceState", .enumeration(LicenceState.codes), "How the licence stands today (PC-01)."),
            .required("licenceStateZh", .text(1...20), "The same in Chinese."),
        ])

    /// What is recorded of a licence beyond its number; as params and as members of a reply.
    static let details: [Schema.Field] = [
        .optional(
            "licenceKind", .enumeration(LicenceKind.codes), "A licence to produce drugs, or to deal in them (PC-01)."),
        .optional("licenceEnds", .date, "The last day of the licence."),
        .optional(
            "designatedToxic", .boolean, "Whether the firm is designated for toxic pieces; absent where unknown."),
        .optional(
            "designationNumber", .text(1...60), "The document by which it is designated; goes with designatedToxic."),
    ]

    /// That a document stands where the firm is designated, and there alone.
    static func checkDesignation(_ designated: Bool?, _ number: String?) throws {
        guard (designated == true) == (number != nil) else {
            throw Fault.invalid(
                "/designationNumber", expected: "the document where designatedToxic is true, else absent",
                zh: "designatedToxic 为 true 时填写文号，否则不填")
        }
    }

    /// The rules and the filter by which suppliers are listed today.
    static func filter(_ call: Call, endingWithin days: Int? = nil, only: RecordID? = nil) throws
        -> SupplierStore.Filter
    {
        let rules = try PharmacyRules.book(on: call.today, call)
        return SupplierStore.Filter(
            today: call.today, warnDays: try rules.number(.licenceWarnDays),
            endingBy: days.map { call.today.adding(days: $0) }, only: only)
    }

    static let example = SupplierCard(
        supplierId: Sample.supplier, nameZh: "亳州某饮片有限公司", licence: "皖20260001", version: 2, licenceKind: .production,
        licenceEnds: Sample.expiresOn, designatedToxic: true, designationNumber: "皖药监毒〔2026〕1号",
        withdrawnOn: Sample.instant.localDate, licenceState: .valid, licenceStateZh: LicenceState.valid.labelZh)
    static let small = SupplierCard(
        supplierId: Sample.supplier, nameZh: "亳州某饮片有限公司", licence: "皖20260001", version: 1,
        licenceState: .licenceEndUnknown, licenceStateZh: LicenceState.licenceEndUnknown.labelZh)
}
