internal import XinglinKit

/// What exports of persons share: the columns of the imports, filled from a whole card.
enum PersonExport {
    static let columns = PersonImport.columns.map { ExportColumn($0) }

    /// Persons of one page.
    static let portion = 500
    static let first = RecordID(high: 0, low: 0)

    static func fields(_ card: PersonCard) -> [String?] {
        [
            card.nameZh, card.sexZh, card.birthDate?.description, card.documentKindZh, card.documentNumber, card.phone,
            card.address,
        ]
    }

    /// The place behind which the next page begins.
    static func place(_ last: [String]?) -> RecordID { last?.first.flatMap { RecordID($0) } ?? Self.first }
}
