internal import XinglinKit

/// `people.registration.list`
struct ListRegistrations: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let persons: [Registered]
        var next: String?
    }

    struct Registered: Codable, Sendable {
        let basis: Purpose
        let registeredAt: Timestamp
        let personId: RecordID
        let nameZh: String
        let sex: Sex
        var birthDate: LocalDate?
    }

    static let name = "people.registration.list"
    static let summary = "Lists the persons registered at the acting site, by pinyin."
    static let effect = Effect.read
    static let access = PeopleAccess.care
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("persons", .array(Self.registered, 0...500), "The persons of this page."), Schema.pageReply)

    private static let registered = Schema.object(
        .required("basis", .enumeration(Purpose.codes), "What they were registered for."),
        .required("registeredAt", .timestamp, "When."),
        .required("personId", .id, "The person; of merged records the one that is kept."),
        .required("nameZh", .text(1...60), "The name."),
        .required("sex", .enumeration(Sex.codes), "Sex (GB/T 2261.1)."),
        .optional("birthDate", .date, "Birth date."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let start = RegistrationStore.Cursor(
            pinyin: try page.after(0) ?? "", person: try page.after(1) ?? RecordID(high: 0, low: 0))
        let found = try call.db.rows(
            RegistrationStore.list(site: call.site.id, after: start, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let all = try rows.decode(as: Self.Columns.self)
        call.recordAccess(basis: "view", subjects: all.map(\.4))
        // Two registrations of merged records are one person.
        var seen: Set<RecordID> = []
        let persons = all.filter { seen.insert($0.4).inserted }.map {
            Registered(basis: $0.2, registeredAt: $0.3, personId: $0.4, nameZh: $0.5, sex: $0.6, birthDate: $0.7)
        }
        return Reply(
            persons: persons,
            next: hasMore ? all.last.map { Page.cursor($0.0, $0.1.description) } : nil)
    }

    private typealias Columns = (String, RecordID, Purpose, Timestamp, RecordID, String, Sex, LocalDate?)

    static var examples: Examples<Params, Reply> {
        let person = Registered(
            basis: .registration, registeredAt: Sample.instant, personId: Sample.person, nameZh: "张三", sex: .female,
            birthDate: Sample.bornOn)
        let cursor = Page.cursor("zhangsan", Sample.person.description)
        return Examples(
            full: (Params(limit: 1, after: cursor), Reply(persons: [person], next: cursor)),
            minimal: (Params(), Reply(persons: [])))
    }
}
