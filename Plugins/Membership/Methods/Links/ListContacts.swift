internal import XinglinKit

/// `membership.contact.list`
struct ListContacts: RPCMethod {
    struct Params: Codable, Sendable {
        let linkId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let contacts: [Line]
        var next: String?
    }

    struct Line: Codable, Sendable {
        let contactId: RecordID
        let on: LocalDate
        let kind: ContactKind
        var minutes: Int?
        var note: String?
        let recordedAt: Timestamp
    }

    static let name = "membership.contact.list"
    static let summary = "Lists the contacts of a link, the newest first; the look is audited."
    static let effect = Effect.read
    static let access = MembershipAccess.officers
    static let params = Schema.object([.required("linkId", .id, "The link.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "contacts",
            .array(
                .object(
                    .required("contactId", .id, "The contact."), .required("on", .date, "The day."),
                    .required("kind", .enumeration(ContactKind.codes), "How they met."),
                    .optional("minutes", .integer(1...1440), "How long."),
                    .optional("note", .text(1...200), "What it was about."),
                    .required("recordedAt", .timestamp, "When it was recorded.")), 0...500),
            "The contacts of this page."), Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let end = LocalDate(daysSince1970: 2_932_896)
        let before: (LocalDate, RecordID) = (
            try page.after(0) ?? end, try page.after(1) ?? RecordID(high: .max, low: .max)
        )
        let (rows, hasMore) = try call.db.rows(
            LinkStore.contacts(params.linkId, before: before, limit: page.limit + 1)
        ).page(limit: page.limit)
        let lines = try rows.decode(
            as: (RecordID, LocalDate, ContactKind, Int?, SQLBytes?, Timestamp).self
        ).map { row in
            Line(
                contactId: row.0, on: row.1, kind: row.2, minutes: row.3,
                note: try row.4.map { try call.open($0, of: OfficeColumns.contactNote, row: row.0) }, recordedAt: row.5)
        }
        call.recordAccess(basis: "view", subjects: [params.linkId])
        return Reply(
            contacts: lines,
            next: hasMore ? lines.last.map { Page.cursor($0.on.description, $0.contactId.description) } : nil)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            contactId: Sample.fact, on: Sample.today, kind: .visit, minutes: 40, note: "送药上门",
            recordedAt: Sample.instant)
        let cursor = Page.cursor(line.on.description, line.contactId.description)
        return Examples(
            full: (Params(linkId: Sample.other, limit: 1, after: cursor), Reply(contacts: [line], next: cursor)),
            minimal: (Params(linkId: Sample.other), Reply(contacts: [])))
    }
}
