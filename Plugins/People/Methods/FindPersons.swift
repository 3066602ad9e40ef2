internal import XinglinKit

/// `people.person.find`
struct FindPersons: RPCMethod {
    struct Params: Codable, Sendable {
        var documentNumber: String?
        var temporaryNumber: String?
        var namePrefix: String?
        var pinyinPrefix: String?
        var birthDate: LocalDate?
        var basis: Purpose?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let persons: [Found]
        var next: String?
    }

    struct Found: Codable, Sendable {
        let personId: RecordID
        let nameZh: String
        let sex: Sex
        let sexZh: String
        var birthDate: LocalDate?
        var documentKind: DocumentKind?
        var documentMasked: String?
        let registered: Bool
    }

    static let name = "people.person.find"
    static let summary = """
        Finds persons: by a whole document number in the county, by the beginning of name, pinyin or initials and by \
        temporary number within the readable sites.
        """
    static let effect = Effect.read
    static let access = PeopleAccess.desk
    static let params = Schema.object(
        [
            .optional("documentNumber", .text(1...40), "A whole number. It is looked for in the whole county."),
            .optional("temporaryNumber", .text(1...40), "A number that people.person.register gave."),
            .optional("namePrefix", .text(1...60), "How the name begins."),
            .optional("pinyinPrefix", .text(1...60), "How its pinyin or initials begin: zhangs, zs; v for ü."),
            .optional("birthDate", .date, "Only who was born on that day."),
            .optional(
                "basis", .enumeration(Purpose.codes), "What the search is for; registration unless told. It is audited."
            ),
        ] + Schema.pageParams)
    static let reply = Schema.object(.required("persons", .array(Self.found, 0...500), "By pinyin."), Schema.pageReply)

    private static let found = Schema.object(
        .required("personId", .id, "The person."),
        .required("nameZh", .text(1...60), "The name; masked (张*) where `registered` is false."),
        .required("sex", .enumeration(Sex.codes), "Sex (GB/T 2261.1)."),
        .required("sexZh", .text(1...10), "The same in Chinese."),
        .optional("birthDate", .date, "Birth date."),
        .optional("documentKind", .enumeration(DocumentKind.codes), "The kind of the document."),
        .optional("documentMasked", .text(1...40), "The document's number, most of it hidden."),
        .required(
            "registered", .boolean,
            "Whether a readable site knows the person; where not, people.registration.create makes the person known here."
        ))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let ways = [params.documentNumber, params.temporaryNumber, params.namePrefix, params.pinyinPrefix]
        guard ways.compactMap(\.self).count == 1 else {
            throw Fault.invalid(
                "", expected: "one of documentNumber, temporaryNumber, namePrefix and pinyinPrefix",
                zh: "证件号码、临时编号、姓名、拼音四者填且只填一项")
        }
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let reply = try Self.byNumber(params, call) ?? Self.byName(params, page, call)
        call.recordAccess(basis: (params.basis ?? .registration).rawValue, subjects: reply.persons.map(\.personId))
        return reply
    }

    private static func byNumber(_ params: Params, _ call: Call) throws -> Reply? {
        if let number = params.documentNumber {
            call.note("scope", "county")
            let indexes = try IdentityDocument.searchForms(of: number, today: call.today)
                .map { try call.blindIndex($0, of: Sealed.document) }
            let rows = try call.db.query(
                RegistrationStore.documented(indexes, bornOn: params.birthDate), as: Self.County.self)
            return Reply(persons: try rows.map { try Self.county($0, call) })
        }
        guard let text = params.temporaryNumber else { return nil }
        guard let number = TemporaryNumber(text) else { return Reply(persons: []) }
        let rows = try call.db.query(RegistrationStore.numbered(number.text), as: PersonCard.Columns.self)
        let cards = try rows.map { try PersonCard($0, unmasked: false, call) }
        return Reply(
            persons: cards.filter { params.birthDate == nil || params.birthDate == $0.birthDate }.map { Found($0) })
    }

    private static func byName(_ params: Params, _ page: Page, _ call: Call) throws -> Reply {
        let start = RegistrationStore.Cursor(
            pinyin: try page.after(0) ?? "", person: try page.after(1) ?? RecordID(high: 0, low: 0))
        let found = try call.db.rows(Self.search(params, start, page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, RecordID).self) : nil
        // Two registrations of merged records show one person.
        var seen: Set<RecordID> = []
        let persons = try rows.decode(as: Self.Named.self).filter { seen.insert($0.2).inserted }.map { row in
            Found(
                try PersonCard(
                    (
                        row.1, row.2, row.3, row.4, row.5, row.6, row.7, row.8, row.9, row.10, row.11, row.12
                    ), unmasked: false, call))
        }
        return Reply(persons: persons, next: last.map { Page.cursor($0, $1.description) })
    }

    private static func search(_ params: Params, _ start: RegistrationStore.Cursor, _ limit: Int) throws -> SQL {
        if let prefix = params.namePrefix {
            return RegistrationStore.named(
                PlainText.name(prefix), bornOn: params.birthDate, after: start, limit: limit)
        }
        guard let prefix = params.pinyinPrefix.flatMap(Pinyin.typed) else {
            throw Fault.invalid("/pinyinPrefix", expected: "letters", zh: "拼音字母")
        }
        return RegistrationStore.spelled(prefix, bornOn: params.birthDate, after: start, limit: limit)
    }
}
