internal import XinglinKit

/// `people.person.history`
struct PersonHistory: RPCMethod {
    struct Params: Codable, Sendable {
        let personId: RecordID
        var unmask: GetPerson.Unmask?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let changes: [Change]
        var next: String?
    }

    struct Change: Codable, Sendable {
        let changeId: RecordID
        let personId: RecordID
        let version: Int64
        let fields: [String]
        let before: [Value]
        let changedAt: Timestamp
        let changedBy: RecordID
        let siteId: RecordID
    }

    /// A value that was there before.
    struct Value: Codable, Sendable {
        let field: String
        let value: String
    }

    static let name = "people.person.history"
    static let summary = """
        Lists what was changed of a person and of the records merged into it, newest first: who, when, where, which \
        fields, and what was there before, masked unless a purpose is named.
        """
    static let effect = Effect.read
    static let access = PeopleAccess.care
    static let params = Schema.object(
        [.required("personId", .id, "The person."), GetPerson.Unmask.field] + Schema.pageParams)
    static let reply = Schema.object(
        .required("changes", .array(Self.change, 0...500), "The changes of this page."), Schema.pageReply)

    private static let change = Schema.object(
        .required("changeId", .id, "The change."),
        .required("personId", .id, "The record that was changed."),
        .required("version", .integer(1...Int64.max), "The version that the change made."),
        .required("fields", .array(.code(1...20), 1...6), "What was changed."),
        .required(
            "before",
            .array(
                .object(
                    .required("field", .code(1...20), "The field."),
                    .required("value", .text(1...210), "Its value before.")), 0...6),
            "What was there before; a field that was empty is absent."),
        .required("changedAt", .timestamp, "When."),
        .required("changedBy", .id, "By which account."),
        .required("siteId", .id, "At which site."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        guard let person = try call.db.first(PersonStore.current(of: params.personId), as: RecordID.self) else {
            throw PeopleFault.notFound("personId", params.personId)
        }
        let last = try page.after(0) ?? RecordID(high: .max, low: .max)
        let found = try call.db.rows(ChangeStore.list(of: person, before: last, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let isUnmasked = params.unmask != nil
        let changes = try rows.decode(as: Self.Columns.self).map { try Self.change($0, isUnmasked, call) }
        call.recordAccess(basis: params.unmask?.purpose.rawValue ?? "view", subjects: [person])
        if isUnmasked { call.note("unmasked", true) }
        return Reply(changes: changes, next: hasMore ? changes.last.map { Page.cursor($0.changeId.description) } : nil)
    }

    private typealias Columns = (RecordID, RecordID, Int64, String, SQLBytes, Timestamp, RecordID, RecordID)

    private static func change(_ row: Columns, _ isUnmasked: Bool, _ call: Call) throws -> Change {
        let fields = row.3.split(separator: " ").map(String.init)
        let values = Snapshot.values(in: try call.open(row.4, of: Sealed.before, row: row.0))
        let before = fields.compactMap { field in
            values[field].map { Value(field: field, value: isUnmasked ? $0 : Self.masked($0, field)) }
        }
        return Change(
            changeId: row.0, personId: row.1, version: row.2, fields: fields, before: before, changedAt: row.5,
            changedBy: row.6, siteId: row.7)
    }

    private static func masked(_ value: String, _ field: String) -> String {
        switch field {
        case "document":
            let parts = value.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = DocumentKind(rawValue: parts[0]) else { return "***" }
            return "\(parts[0]) \(Masking.document(parts[1], kind: kind))"
        case "phone": return Masking.phone(value)
        case "address": return Masking.address(value)
        default: return value
        }
    }

    static var examples: Examples<Params, Reply> {
        let change = Change(
            changeId: Sample.merge, personId: Sample.person, version: 2, fields: ["phone"],
            before: [Value(field: "phone", value: "138****1234")], changedAt: Sample.instant,
            changedBy: Sample.account, siteId: Sample.site)
        let cursor = Page.cursor(Sample.merge.description)
        return Examples(
            full: (
                Params(
                    personId: Sample.person, unmask: .init(purpose: .registration), limit: 1, after: cursor),
                Reply(changes: [change], next: cursor)
            ), minimal: (Params(personId: Sample.person), Reply(changes: [])))
    }
}
