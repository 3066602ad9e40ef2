internal import XinglinKit

/// A person as a reply shows it: masked, unless the caller says what all of it is needed for.
struct PersonCard: Codable, Sendable {
    var askedId: RecordID?
    var personId: RecordID
    var mergedInto: RecordID?
    var nameZh: String
    var sex: Sex
    var sexZh: String
    var birthDate: LocalDate?
    var documentKind: DocumentKind?
    var documentKindZh: String?
    var documentMasked: String?
    var phoneMasked: String?
    var addressMasked: String?
    var temporaryNumbers: [String]?
    var version: Int64
    var documentNumber: String?
    var phone: String?
    var address: String?

    static let fields: [Schema.Field] = [
        .optional("askedId", .id, "The id that was asked for, in lists."),
        .required("personId", .id, "The person; where the id asked for was merged, the record that is kept."),
        .optional("mergedInto", .id, "Only where the id asked for was merged: the record that is kept."),
        .required("nameZh", .text(1...60), "The name."),
        .required("sex", .enumeration(Sex.codes), "Sex (GB/T 2261.1)."),
        .required("sexZh", .text(1...10), "The same in Chinese."),
        .optional("birthDate", .date, "Birth date."),
        .optional("documentKind", .enumeration(DocumentKind.codes), "The kind of the document."),
        .optional("documentKindZh", .text(1...10), "The same in Chinese."),
        .optional("documentMasked", .text(1...40), "The document's number, most of it hidden: 110105********002X."),
        .optional("phoneMasked", .text(1...21), "The telephone number, its middle hidden: 138****1234."),
        .optional("addressMasked", .text(1...210), "The address down to the town."),
        .optional(
            "temporaryNumbers", .array(.code(1...30), 1...100),
            "Temporary numbers that were given to the person, those of merged records included."),
        .required("version", .integer(1...Int64.max), "Name it to people.person.update."),
        .optional("documentNumber", .text(1...40), "The whole number; only where `unmask` was given."),
        .optional("phone", .text(1...21), "The whole telephone number; only where `unmask` was given."),
        .optional("address", .text(1...200), "The whole address; only where `unmask` was given."),
    ]

    /// A row of `PersonStore.cards` and its like: the id asked for, then the columns of a card.
    typealias Columns = (
        RecordID, RecordID, String, Sex, LocalDate?, SQLBytes?, SQLBytes?, Int64, RecordID?, DocumentKind?, SQLBytes?,
        String?
    )

    /// Opens what is sealed. `absorbed` records stand for themselves: nothing there is asked for and merged.
    init(_ row: Columns, unmasked: Bool, _ call: Call) throws {
        self.personId = row.1
        self.mergedInto = row.0 == row.1 ? nil : row.1
        self.nameZh = row.2
        self.sex = row.3
        self.sexZh = row.3.labelZh
        self.birthDate = row.4
        self.version = row.7
        self.temporaryNumbers = row.11.map { $0.split(separator: " ").map(String.init) }
        if let owner = row.8, let kind = row.9, let sealed = row.10 {
            let number = try call.open(sealed, of: Sealed.document, row: owner)
            self.documentKind = kind
            self.documentKindZh = kind.labelZh
            self.documentMasked = Masking.document(number, kind: kind)
            if unmasked { self.documentNumber = number }
        }
        if let phone = try row.5.map({ try call.open($0, of: Sealed.phone, row: row.1) }) {
            self.phoneMasked = Masking.phone(phone)
            if unmasked { self.phone = phone }
        }
        if let address = try row.6.map({ try call.open($0, of: Sealed.address, row: row.1) }) {
            self.addressMasked = Masking.address(address)
            if unmasked { self.address = address }
        }
    }

    init(sample id: RecordID) {
        self.personId = id
        self.nameZh = "张三"
        self.sex = .female
        self.sexZh = Sex.female.labelZh
        self.version = 1
    }
}
