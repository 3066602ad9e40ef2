internal import XinglinKit

/// `example.day.count`: keeps count of the notes of each day, after they were left.
struct CountNotes: EventHandler {
    static let name = "example.day.count"
    static let topics = [ExampleTopic.noteAdded.name]

    func handle(_ event: Event, _ call: Call) throws {
        // A handler's own type, as for any other module's event: only what it needs.
        struct Body: Decodable { let writtenOn: LocalDate }
        let body: Body = try event.decode()
        try call.db.execute(DayStore.count(body.writtenOn, site: call.site.id), expecting: .rows(1))
    }
}
