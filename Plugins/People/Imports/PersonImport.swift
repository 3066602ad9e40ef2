internal import XinglinKit

/// What imports of persons share: reading lines, asking once who has their documents, and adding the persons of a chunk.
enum PersonImport {
    static let columns: [ImportColumn] = [
        ImportColumn(
            "nameZh", .init(zh: "姓名", en: "name"), required: true,
            .init(zh: "与证件一致的姓名，如 张三", en: "the name as in the document")),
        ImportColumn(
            "sex", .init(zh: "性别", en: "sex"), required: false,
            .init(zh: "男、女、未知、未说明，或国标代码 0、1、2、9；有身份证号时可空", en: "male, female, unknown, notStated or 0, 1, 2, 9")),
        ImportColumn(
            "birthDate", .init(zh: "出生日期", en: "birth date"), required: false,
            .init(zh: "如 2001-02-03；有身份证号时可空", en: "such as 2001-02-03; a citizen number gives it")),
        ImportColumn(
            "documentKind", .init(zh: "证件类型", en: "document kind"), required: false,
            .init(zh: "居民身份证、护照、其他证件；空为居民身份证", en: "citizenId, passport or other; citizenId where empty")),
        ImportColumn(
            "documentNumber", .init(zh: "证件号码", en: "document number"), required: false,
            .init(zh: "完整号码；15 位旧号自动换为 18 位", en: "the whole number; one of 15 digits is converted")),
        ImportColumn(
            "phone", .init(zh: "电话", en: "phone"), required: false,
            .init(zh: "5 至 20 位数字，如 13800001234", en: "5 to 20 digits")),
        ImportColumn(
            "address", .init(zh: "住址", en: "address"), required: false,
            .init(zh: "至多 200 个字", en: "at most 200 characters")),
    ]

    /// A line that can be read, sealed for the row that it may become.
    struct Read {
        let person: PreparedPerson
        let details: PersonDetails
    }

    /// Who has a document.
    struct Holder {
        let personID: RecordID
        let nameZh: String
        let isRegisteredHere: Bool
    }

    static func read(_ line: ImportLine, _ call: Call) throws -> Result<Read, ImportRefusal> {
        do throws(ImportRefusal) {
            let details = try ImportedFields.person(line, today: call.today)
            return .success(try Self.seal(details, call))
        } catch {
            return .failure(error)
        }
    }

    private static func seal(_ details: PersonDetails, _ call: Call) throws(ImportRefusal) -> Read {
        do {
            let row = try PersonStore.Row(call.newID(), details, call)
            let document = try details.document.map { try SealedDocument($0, of: row.id, call) }
            return Read(person: PreparedPerson(details, document, row), details: details)
        } catch {
            throw ImportRefusal(faults: [
                ImportFault(nil, .init(zh: "无法加密，请联系管理员", en: "it could not be encrypted; tell the administrator"))
            ])
        }
    }

    /// Who has the documents of these lines, by kind and index.
    static func holders(_ reads: [Read], _ call: Call) throws -> [String: Holder] {
        try self.holders(indexes: reads.compactMap(\.person.index), call)
    }

    /// The same by the documents' indexes.
    static func holders(indexes: [String], _ call: Call) throws -> [String: Holder] {
        guard !indexes.isEmpty else { return [:] }
        let rows = try call.db.query(
            ImportStore.holders(of: indexes, site: call.site.id),
            as: (SQLBytes, DocumentKind, RecordID, String, Bool).self)
        return Dictionary(
            rows.map { row in
                (
                    Self.key(row.1.rawValue, row.0.sqlText),
                    Holder(personID: row.2, nameZh: row.3, isRegisteredHere: row.4)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    static func key(_ kind: String?, _ index: String?) -> String { "\(kind ?? "") \(index ?? "")" }

    /// A document whose holder has another name was mistyped, or is somebody else's.
    static func nameFault(_ read: Read, _ holder: Holder?) -> ImportFault? { self.nameFault(read.details, holder) }

    static func nameFault(_ details: PersonDetails, _ holder: Holder?) -> ImportFault? {
        guard let holder, holder.nameZh != details.nameZh else { return nil }
        return self.otherName
    }

    static let otherName = ImportFault(
        "nameZh", .init(zh: "该证件号码已建档，但姓名不同，请核对", en: "the holder of this document is recorded under another name"))

    /// What became of the persons of a chunk, by their ids as prepared.
    struct Outcome {
        /// They are in the index anew.
        let added: Set<RecordID>
        /// Who had their document already, under the same name.
        let holders: [RecordID: RecordID]
        /// The site knew them already.
        let known: Set<RecordID>
        /// Somebody with another name has their document: nothing was done.
        let misnamed: Set<RecordID>
    }

    /// Adds or registers the persons of a chunk. Names are judged again: the check may be days old.
    static func apply(_ persons: [PreparedPerson], basis: Purpose, _ call: Call) throws -> Outcome {
        let act = try PersonStore.Act(call)
        let results = try call.db.batch([
            Statement(ImportStore.add(persons, basis: basis, act)),
            Statement(ImportStore.enrol(persons, basis: basis, act)),
        ])
        let added = try results[0].decode(as: RecordID.self)
        let known = try results[1].decode(as: (RecordID, RecordID, Bool).self)
        let unnumbered = persons.filter { $0.kind == nil }.map(\.id)
        if !unnumbered.isEmpty {
            let sequences = try call.db.query(PersonStore.nextTemporary(unnumbered.count), as: Int64.self)
            let numbers = sequences.map { TemporaryNumber(on: call.today, sequence: $0).text }
            try call.db.execute(
                PersonStore.insertTemporary(numbers, of: unnumbered), expecting: .rows(unnumbered.count))
        }
        for id in added {
            try call.publish(PeopleTopic.registered, subject: id, PeopleTopic.Registered(personId: id))
        }
        return Outcome(
            added: Set(added), holders: Dictionary(known.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first }),
            known: Set(known.filter { !$0.2 }.map(\.0)),
            misnamed: Set(persons.map(\.id)).subtracting(added).subtracting(known.map(\.0)))
    }
}
