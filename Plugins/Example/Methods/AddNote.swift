internal import XinglinKit

/// `example.note.add`
struct AddNote: RPCMethod {
    struct Params: Codable, Sendable {
        let text: String
    }

    struct Reply: Codable, Sendable {
        let noteId: RecordID
    }

    static let name = "example.note.add"
    static let summary = "Leaves a note for the people of the site."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin, .pharmacist, .nurse, .doctor])
    static let params = Schema.object(
        .required("text", .text(1...200), "The note. The setting `example.longestText` may allow fewer characters."))
    static let reply = Schema.object(
        .required("noteId", .id, "The new note."))
    static let faults = [ExampleFault.noteExists]

    let longestText: Int

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.text.unicodeScalars.count <= self.longestText else {
            throw Fault.invalid(
                "/text", expected: "at most \(self.longestText) characters", zh: "至多 \(self.longestText) 个字符")
        }
        let note = call.newID()
        try call.db.execute(
            NoteStore.add(
                note, text: params.text, site: call.site.id, by: call.caller.accountID, at: call.now),
            expecting: .rows(1))
        call.note("noteId", .string(note.description))
        try call.publish(
            ExampleTopic.noteAdded, subject: note, ExampleTopic.NoteAdded(noteId: note, writtenOn: call.today))
        return Reply(noteId: note)
    }

    static var examples: Examples<Params, Reply> {
        let note = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
        let call = (params: Params(text: "三号煎药机周五检修"), reply: Reply(noteId: note))
        return Examples(full: call, minimal: call)
    }
}
