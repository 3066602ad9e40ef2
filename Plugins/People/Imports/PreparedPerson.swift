internal import XinglinKit

/// A person of a good line between check and apply: what is sealed in the table is sealed here.
struct PreparedPerson {
    let id: RecordID
    let nameZh: String
    let pinyin: String
    let initials: String
    let sex: String
    let birthDate: String?
    let phone: String?
    let address: String?
    let kind: String?
    let number: String?
    let index: String?

    static let fieldCount = 11

    init(_ details: PersonDetails, _ document: SealedDocument?, _ row: PersonStore.Row) {
        self.id = row.id
        self.nameZh = details.nameZh
        self.pinyin = details.pinyin.full
        self.initials = details.pinyin.initials
        self.sex = details.sex.rawValue
        self.birthDate = details.birthDate?.description
        self.phone = row.phone?.sqlText
        self.address = row.address?.sqlText
        self.kind = document?.kind.rawValue
        self.number = document?.number.sqlText
        self.index = document?.index.sqlText
    }

    /// Reads what `fields` wrote.
    init(_ fields: ArraySlice<String>) throws {
        let fields = Array(fields)
        guard fields.count == Self.fieldCount, let id = RecordID(fields[0]) else { throw HostFault.internal.fault() }
        func optional(_ place: Int) -> String? { fields[place].isEmpty ? nil : fields[place] }
        self.id = id
        self.nameZh = fields[1]
        self.pinyin = fields[2]
        self.initials = fields[3]
        self.sex = fields[4]
        self.birthDate = optional(5)
        self.phone = optional(6)
        self.address = optional(7)
        self.kind = optional(8)
        self.number = optional(9)
        self.index = optional(10)
    }

    var fields: [String] {
        [
            self.id.description, self.nameZh, self.pinyin, self.initials, self.sex, self.birthDate ?? "",
            self.phone ?? "", self.address ?? "", self.kind ?? "", self.number ?? "", self.index ?? "",
        ]
    }

    /// What must not come twice in a file.
    var unique: [UInt8]? { self.index.map { Array("\(self.kind ?? "") \($0)".utf8) } }

    /// Fields are parted by the unit separator, which no text of a person contains.
    static func bytes(of fields: [String]) -> [UInt8] { Array(fields.joined(separator: "\u{1F}").utf8) }

    static func fields(in bytes: [UInt8]) -> [String] {
        bytes.split(separator: 0x1F, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}
