internal import XinglinKit

/// `example.note.list`
struct ListNotes: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let notes: RowList<Note>
        var next: String?
    }

    struct Note: Codable, Sendable {
        let noteId: RecordID
        let text: String
        let createdAt: Timestamp
        let createdBy: RecordID
    }

    static let name = "example.note.list"
    static let summary = "Lists the site's notes, newest first."
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin, .pharmacist, .nurse, .doctor])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "notes",
            .array(
                .object(
                    .required("noteId", .id, "The note."),
                    .required("text", .text(1...200), "What it says."),
                    .required("createdAt", .timestamp, "When it was left."),
                    .required("createdBy", .id, "The account that left it.")),
                0...500),
            "The notes of this page."),
        Schema.pageReply)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            NoteStore.list(site: call.site.id, before: page.after(0) ?? NoteStore.end, limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(
            notes: .json(rows.json(NoteStore.columns)),
            next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let note = Note(
            noteId: RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001), text: "三号煎药机周五检修",
            createdAt: Timestamp(microseconds: 1_795_330_200_000_000),
            createdBy: RecordID(high: 0x0198_F3A2_0000_7000, low: 0x8000_0000_0000_0002))
        return Examples(
            full: (
                Params(limit: 1, after: "0198f3a2-7b00-7001-8000-000000000001"),
                Reply(notes: .elements([note]), next: note.noteId.description)
            ),
            minimal: (Params(), Reply(notes: .elements([]))))
    }
}
