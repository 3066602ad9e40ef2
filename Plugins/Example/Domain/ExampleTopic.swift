internal import XinglinKit

/// What this module says has happened.
enum ExampleTopic {
    /// The body of `noteAdded`: ids, codes and quantities, never what the note says.
    struct NoteAdded: Codable, Sendable {
        let noteId: RecordID
        let writtenOn: LocalDate
    }

    static let noteAdded = EventTopic(
        "example.noteAdded", .init(zh: "新增了便条", en: "A note was left"),
        access: .roles([.siteAdmin, .pharmacist, .nurse, .doctor]),
        body: .object(
            .required("noteId", .id, "The note; the event's subject."),
            .required("writtenOn", .date, "Its day in Asia/Shanghai.")),
        example: NoteAdded(
            noteId: RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001),
            writtenOn: Timestamp(microseconds: 1_795_330_200_000_000).localDate))

    static let all = [noteAdded]
}
