internal import XinglinKit

/// Identifiers, dates and a person that does not exist, for the examples in docs/openrpc.json.
enum Sample {
    static let person = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0011)
    static let other = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0012)
    static let department = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0013)
    static let staff = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0014)
    static let merge = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0015)
    static let account = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0016)
    static let site = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0017)
    /// 2026-11-22T14:30:00+08:00.
    static let instant = Timestamp(microseconds: 1_795_329_000_000_000)
    static let bornOn = LocalDate(daysSince1970: -7307)
    /// The example of the standard itself.
    static let document = TypedDocument(kind: .citizenId, number: "11010519491231002X")
    static let temporaryNumber = "T261122000426"

    /// Every member of a card.
    static var card: PersonCard {
        var card = PersonCard(sample: Self.person)
        card.askedId = Self.other
        card.mergedInto = Self.person
        card.birthDate = Self.bornOn
        card.documentKind = .citizenId
        card.documentKindZh = DocumentKind.citizenId.labelZh
        card.documentNumber = Self.document.number
        card.documentMasked = Masking.document(Self.document.number, kind: .citizenId)
        card.phone = "13800001234"
        card.phoneMasked = "138****1234"
        card.address = "某县某镇某村一组"
        card.addressMasked = "某县某镇***"
        card.temporaryNumbers = [Self.temporaryNumber]
        return card
    }
}

/// A document as it is given to a method.
struct TypedDocument: Codable, Sendable {
    let kind: DocumentKind
    let number: String

    static let schema = Schema.object(
        .required("kind", .enumeration(DocumentKind.codes), "What kind of document."),
        .required(
            "number", .text(1...40),
            "Its number; blanks, case and width do not count. A citizen number of 15 digits is converted to 18 (GB 11643-1999)."
        ))
}

/// Who may do what with persons (docs: README of the module).
enum PeopleAccess {
    /// Who meets persons at a desk, and machines that do so for them.
    static let desk = Access.roles([.doctor, .nurse, .pharmacist, .siteAdmin, .integrator])
    static let reading = Access.roles([.doctor, .nurse, .pharmacist, .siteAdmin])
    static let care = Access.roles([.doctor, .nurse, .siteAdmin])
    /// Who may subscribe to what happens to persons.
    static let events = Access.roles([.siteAdmin, .doctor, .nurse, .integrator])
    static let administration = Access.roles([.siteAdmin])
    static let staffReading = Access.roles([
        .siteAdmin, .doctor, .nurse, .pharmacist, .reviewer, .dispatcher, .integrator,
    ])
}
