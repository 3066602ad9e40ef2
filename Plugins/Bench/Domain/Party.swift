internal import XinglinKit

/// One generated party, as read by its number.
struct Party: Codable, Sendable {
    let id: Int64
    let uid: RecordID
    let code: String
    let name: String
    var birth: LocalDate?
    var sex: String?
    var phone: String?
    var address: String?
    let active: Bool
    let version: Int
    let createdAt: Timestamp

    static let schema = Schema.object(
        .required("id", .integer(1...Int64.max), "The party's number."),
        .required("uid", .id, "Its identifier."),
        .required("code", .text(1...100), "Its code."),
        .required("name", .text(1...100), "Its generated name."),
        .optional("birth", .date, "Its generated date of birth."),
        .optional("sex", .text(1...1), "F or M."),
        .optional("phone", .text(1...40), "Its generated telephone number."),
        .optional("address", .text(1...200), "Its generated address."),
        .required("active", .boolean, "Whether it is in use."),
        .required("version", .integer(1...1_000_000), "How often it was changed."),
        .required("createdAt", .timestamp, "When it was made."))

    static let example = Party(
        id: 1, uid: RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001), code: "P000001",
        name: "Patient 07919", birth: LocalDate(daysSince1970: -10_926), sex: "M", phone: "+86-10-00000001",
        address: "No. 1, Apricot Grove Road", active: true, version: 1,
        createdAt: Timestamp(microseconds: 1_795_330_200_000_000))
    static let minimalExample = Party(
        id: 1, uid: RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001), code: "P000001",
        name: "Patient 07919", active: true, version: 1, createdAt: Timestamp(microseconds: 1_795_330_200_000_000))
}
