import Testing
import XinglinTesting

@testable import XinglinPostgres

@Suite("Threads and waits")
struct ThreadsTests {
    @Test("The wait between attempts doubles up to its limit, with full jitter")
    func backoff() {
        var random = SeededGenerator(seed: 7)
        var backoff = Backoff()
        var ceilings: [Duration] = []
        for _ in 0..<10 {
            ceilings.append(backoff.ceiling)
            let wait = backoff.next(using: &random)
            #expect(wait >= .zero && wait <= ceilings.last ?? .zero)
        }
        #expect(ceilings.prefix(4) == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
        #expect(ceilings.last == .seconds(10))
        backoff.reset()
        #expect(backoff.ceiling == .milliseconds(100))
    }

    @Test("A wait ends with its time, or with what it waits for")
    func monitor() throws {
        enum Condition: Int, CaseIterable { case changed }
        let monitor = Monitor<Int, Condition>(0)
        #expect(monitor.wait(for: .changed, atMost: .milliseconds(20)) { $0 == 1 ? true : nil } == nil)
        #expect(monitor.wait(for: .changed, atMost: .seconds(-1)) { $0 == 1 ? true : nil } == nil)
        let thread = try OSThread(name: "changer") {
            monitor.withLock { $0 = 1 }
            monitor.broadcast(.changed)
        }
        #expect(monitor.wait(for: .changed, atMost: nil) { $0 == 1 ? "seen" : nil } == "seen")
        thread.join()
    }

    @Test(
        "Names and texts are quoted",
        arguments: [
            ("a", "\"a\"", "'a'"), ("a\"b", "\"a\"\"b\"", "'a\"b'"), ("it's", "\"it's\"", "'it''s'"),
            ("a\\'", "\"a\\'\"", " E'a\\\\'''"),
        ])
    func quoting(text: String, identifier: String, literal: String) {
        #expect(SQLText.identifier(text) == identifier)
        #expect(SQLText.literal(text) == literal)
    }
}
