import Example
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

struct ExampleTests {
    @Test("the module conforms")
    func conforms() async throws {
        try await ModuleConformance.check(ExampleModule.self)
    }

    @Test("a note that is left is listed, the newest first, page by page")
    func notesAreListed() async throws {
        let host = try await TestHost.start(ExampleModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        for (second, text) in ["先煎药已备好", "三号煎药机周五检修", "%_'\"\\"].enumerated() {
            host.setClock(Timestamp(microseconds: 1_795_329_000_000_000).adding(seconds: Int64(second)))
            try await nurse.call("example.note.add", ["text": .string(text)])
        }
        let first = try await nurse.call("example.note.list", ["limit": 2])
        #expect(first["notes"]?.arrayValue?.compactMap { $0["text"]?.stringValue } == ["%_'\"\\", "三号煎药机周五检修"])
        #expect(first["notes"]?[0]?["createdAt"] == "2026-11-22T14:30:02+08:00")
        let second = try await nurse.call("example.note.list", ["limit": 2, "after": try #require(first["next"])])
        #expect(second["notes"]?.arrayValue?.compactMap { $0["text"]?.stringValue } == ["先煎药已备好"])
        #expect(second["next"] == nil)
    }

    @Test("the same text twice on one day is refused, on the next day it is not")
    func noteExists() async throws {
        let host = try await TestHost.start(ExampleModule.self)
        // 23:59:59 in Shanghai.
        let evening = Timestamp(microseconds: 1_795_363_199_000_000)
        host.setClock(evening)
        let doctor = try await host.client(role: .doctor, site: "t1")
        try await doctor.call("example.note.add", ["text": "早交班"])
        let refused = await #expect(throws: CallRefused.self) {
            try await doctor.call("example.note.add", ["text": "早交班"])
        }
        #expect(refused?.reason == "example.noteExists")
        #expect(refused?.code == 9900)
        host.setClock(evening.adding(seconds: 1))
        try await doctor.call("example.note.add", ["text": "早交班"])
    }

    @Test("a site does not see another site's notes")
    func notesStayWithinTheSite() async throws {
        let host = try await TestHost.start(ExampleModule.self)
        let here = try await host.client(role: .pharmacist, site: "t1")
        let there = try await host.client(role: .pharmacist, site: "t2")
        try await here.call("example.note.add", ["text": "只给本院看"])
        #expect(try await there.call("example.note.list")["notes"] == [])
        #expect(try await here.call("example.note.list")["notes"]?.arrayValue?.count == 1)
    }

    @Test("the notes of each day are counted by the handler, the latest day first")
    func notesAreCounted() async throws {
        let host = try await TestHost.start(ExampleModule.self)
        // 23:59:59 in Shanghai.
        let evening = Timestamp(microseconds: 1_795_363_199_000_000)
        host.setClock(evening)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("events.subscribe", ["topics": ["example.noteAdded"]])
        for text in ["早交班", "午交班"] { try await nurse.call("example.note.add", ["text": .string(text)]) }
        host.setClock(evening.adding(seconds: 1))
        let note = try await nurse.call("example.note.add", ["text": "早交班"])["noteId"] ?? .null
        for _ in 1...2 { #expect(try await nurse.notifications.next()["body"]?["writtenOn"] == "2026-11-22") }
        #expect(try await nurse.notifications.next()["body"] == ["noteId": note, "writtenOn": "2026-11-23"])
        try await host.expect("SELECT sum(notes)::text FROM example.day", [["3"]])
        let first = try await nurse.call("example.day.list", ["limit": 1])
        #expect(first["days"] == [["writtenOn": "2026-11-23", "notes": 1]])
        let second = try await nurse.call("example.day.list", ["after": try #require(first["next"])])
        #expect(second["days"] == [["writtenOn": "2026-11-22", "notes": 2]])
    }

    @Test("notes are removed when they were kept long enough, a portion at a time, at their own site alone")
    func notesPurge() async throws {
        let host = try await TestHost.start(ExampleModule.self, settings: ["example.keepDays": "30"])
        // A clock that stands before the module was enabled: the job does not fall due by itself.
        host.setClock(Timestamp(microseconds: 1_795_329_000_000_000))
        try host.script(
            """
            INSERT INTO example.note (site_id, note_id, text, written_on, created_at, created_by)
            SELECT site_id, gen_random_uuid(), 'note ' || n, date '2026-11-22' - age, now(), account_id
            FROM host.site, host.account, generate_series(1, 1200) AS n, unnest(ARRAY[1, 40]) AS age
            WHERE code <> 'county'
            """)
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        try await admin.call("jobs.run", ["job": "example.notesPurge", "site": "t1"])
        try host.doJobs()
        #expect(
            try host.sql("SELECT code, count(*) FROM example.note JOIN host.site USING (site_id) GROUP BY 1 ORDER BY 1")
                == [["t1", "1200"], ["t2", "2400"]])
        let run = try await admin.call("jobs.history", ["job": "example.notesPurge"])["runs"]?[0]
        #expect(run?["state"] == "done" && run?["counts"] == [["name": "notes", "count": 1200]])
    }

    @Test("the setting longestText limits a note; a value out of range is refused at the start")
    func longestText() async throws {
        let host = try await TestHost.start(ExampleModule.self, settings: ["example.longestText": "5"])
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("example.note.add", ["text": "五个字以内"])
        let refused = await #expect(throws: CallRefused.self) {
            try await nurse.call("example.note.add", ["text": "这就超过五个字"])
        }
        #expect(refused?.reason == "host.invalidParams")
        #expect(refused?.details?[0]?["pointer"] == "/text")
        for value in ["0", "201", "many", ""] {
            #expect(throws: (any Error).self) { try ExampleModule(Boot(settings: ["longestText": value])) }
        }
    }
}
