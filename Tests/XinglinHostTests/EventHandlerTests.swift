import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Handling events")
struct EventHandlerTests {
    /// Few attempts, and short pauses between them.
    static var impatient: HostSettings.Events {
        var events = HostSettings.Events()
        events.attempts = 3
        events.retryMilliseconds = 10
        return events
    }

    private static func heard(_ handler: String) -> String {
        "SELECT name, count::text FROM bell.heard WHERE handler = '\(handler)' ORDER BY number, ctid"
    }
    private static let first = heard("bell.first.hear")
    private static let second = heard("bell.second.hear")

    private static func makeTrouble(_ host: TestHost, _ handler: String, _ name: String) throws {
        try host.script(
            "INSERT INTO bell.trouble SELECT site_id, '\(handler)', '\(name)' FROM host.site WHERE code = 't1'")
    }

    @Test("each handler gets each event once, at its site, and its work is audited")
    func handled() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        for _ in 1...3 { try await nurse.call("bell.bell.ring", ["name": "a"]) }
        let all = [["a", "1"], ["a", "2"], ["a", "3"]]
        try await host.expect(Self.first, all)
        try await host.expect(Self.second, all)
        #expect(
            try host.sql("SELECT DISTINCT code FROM bell.heard JOIN host.site USING (site_id)") == [["t1"]])
        #expect(
            try host.sql(
                """
                SELECT method, count(*)::text, count(account_id)::text FROM host.audit WHERE method LIKE 'bell.%.hear' \
                GROUP BY method ORDER BY method
                """) == [["bell.first.hear", "3", "0"], ["bell.second.hear", "3", "0"]])
    }

    @Test("two hosts share the work: each event is handled once by each handler")
    func twoHosts() async throws {
        let host = try await TestHost.start(BellModule.self)
        let neighbour = try host.neighbour(BellModule.self)
        defer { neighbour.stop() }
        var clients: [TestClient] = []
        for site in ["t1", "t2", "t1", "t2"] { clients.append(try await host.client(role: .nurse, site: site)) }
        let all = clients
        let outcomes = await Racing.aside(4) {
            for index in 0..<all.count {
                for _ in 1...10 {
                    _ = try Racing.retrying { try all[index].callAndWait("bell.bell.ring", ["name": "a"]) }
                }
            }
        }
        #expect(outcomes.allSatisfy { if case .success = $0 { true } else { false } })
        let count = "SELECT handler, count(*)::text, count(DISTINCT number)::text FROM bell.heard GROUP BY 1 ORDER BY 1"
        try await host.expect(count, [["bell.first.hear", "160", "160"], ["bell.second.hear", "160", "160"]])
        // In the order of their numbers, for each subject.
        let order = "SELECT count(*)::text FROM (SELECT number < lag(number) OVER (PARTITION BY handler, site_id ORDER BY ctid) AS back FROM bell.heard) heard WHERE back"
        #expect(try host.sql(order) == [["0"]])
    }

    @Test("an event that fails is parked; other subjects and handlers go on, later ones of the subject wait")
    func parked() async throws {
        let host = try await TestHost.start(BellModule.self, events: Self.impatient)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        try Self.makeTrouble(host, "bell.first.hear", "a")
        for name in ["a", "b", "a", "a", "b"] { try await nurse.call("bell.bell.ring", ["name": .string(name)]) }
        try await host.expect(Self.first, [["b", "1"], ["b", "2"]])
        try await host.expect(Self.second, [["a", "1"], ["b", "1"], ["a", "2"], ["a", "3"], ["b", "2"]])
        try await host.expect(
            "SELECT number::text, attempts::text, reason FROM host.event_delayed WHERE parked_at IS NOT NULL",
            [["1", "3", "bell.cracked"]])
        let list = try await admin.call("events.parked.list")
        let parked = try #require(list["parked"]?[0])
        #expect(list["parked"]?.arrayValue?.count == 1)
        #expect(parked["handler"] == "bell.first.hear")
        #expect(parked["topic"] == "bell.rung")
        #expect(parked["number"] == 1)
        #expect(parked["site"] == "t1")
        #expect(parked["reason"] == "bell.cracked")
        #expect(parked["attempts"] == 3)
        #expect(parked["waiting"] == 2)
        // Mended, and tried again: in the order of the subject.
        try host.script("DELETE FROM bell.trouble")
        #expect(try await admin.call("events.parked.retry", ["handler": "bell.first.hear"])["retried"] == 1)
        let done = "SELECT name, count::text FROM bell.heard WHERE handler = 'bell.first.hear' ORDER BY ctid"
        try await host.expect(done, [["b", "1"], ["b", "2"], ["a", "1"], ["a", "2"], ["a", "3"]])
        #expect(try await admin.call("events.parked.list")["parked"] == [])
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect(done + " OFFSET 5", [["a", "4"]])
    }

    @Test("an administrator sees and retries the parked events of their own sites, page by page")
    func parkedElsewhere() async throws {
        let host = try await TestHost.start(BellModule.self, events: Self.impatient)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let stranger = try await host.client(role: .siteAdmin, site: "t2")
        let county = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        for name in ["a", "b"] { try Self.makeTrouble(host, "bell.first.hear", name) }
        for name in ["a", "b"] { try await nurse.call("bell.bell.ring", ["name": .string(name)]) }
        try await host.expect("SELECT count(*)::text FROM host.event_delayed WHERE parked_at IS NOT NULL", [["2"]])
        #expect(try await stranger.call("events.parked.list")["parked"] == [])
        let refused = await refusal {
            _ = try await stranger.call("events.parked.retry", ["handler": "bell.first.hear"])
        }
        #expect(refused?.reason == "host.notFound")
        let page = try await county.call("events.parked.list", ["limit": 1])
        #expect(page["parked"]?[0]?["number"] == 1)
        let next = try await county.call("events.parked.list", ["limit": 1, "after": try #require(page["next"])])
        #expect(next["parked"]?[0]?["number"] == 2)
        #expect(next["next"] == nil)
        #expect(await refusal { _ = try await nurse.call("events.parked.list") }?.reason == "host.forbidden")
    }

    @Test("events of a site where the module is disabled are passed over, and those after it is enabled are not")
    func disabled() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect(Self.second, [["a", "1"]])
        // Published past the host's methods, while the module is disabled.
        try await admin.call("modules.disable", ["module": "bell", "site": "t1"])
        try host.script(
            """
            INSERT INTO host.outbox (event_id, topic, site_id, subject, at, trace, body) SELECT gen_random_uuid(), \
            'bell.rung', site_id, gen_random_uuid(), now(), 't', '{"count":9,"name":"x"}' FROM host.site WHERE code = 't1'
            """)
        try await host.expect("SELECT count(*)::text FROM host.event WHERE trace = 't'", [["1"]])
        let other = try await host.client(role: .nurse, site: "t2")
        try await other.call("bell.bell.ring", ["name": "y"])
        try await host.expect(Self.second, [["a", "1"], ["y", "1"]])
        try await admin.call("modules.enable", ["module": "bell", "site": "t1"])
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect(Self.second, [["a", "1"], ["y", "1"], ["a", "2"]])
    }

    @Test("a new handler begins where it was first registered, or with the oldest event where it says so")
    func newHandler() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect(Self.second, [["a", "1"]])
        try await host.expect("SELECT bool_or(is_busy)::text FROM host.event_cursor", [["false"]])
        host.core.stop()
        try host.script("DELETE FROM bell.heard; DELETE FROM host.event_cursor")
        let neighbour = try host.neighbour(BellModule.self)
        defer { neighbour.stop() }
        try await host.expect(Self.first, [["a", "1"]])
        #expect(try host.sql(Self.second).isEmpty)
        #expect(
            try host.sql("SELECT number::text FROM host.event_cursor WHERE handler = 'bell.second.hear'") == [["1"]])
    }

    @Test("an event that a host has died with several times is parked, and the next ones go on")
    func interrupted() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect(Self.second, [["a", "1"]])
        host.core.stop()
        // As it stands after two deaths in the midst of event 2.
        try host.script(
            """
            INSERT INTO host.outbox (event_id, topic, site_id, subject, at, trace, body) SELECT gen_random_uuid(), \
            'bell.rung', site_id, site_id, now(), 't', format('{"count":%s,"name":"x"}', n) \
            FROM host.site, generate_series(2, 4) n WHERE code = 't1' ORDER BY n;
            UPDATE host.event_cursor SET is_busy = true, begun = 2, begun_for = 2 WHERE handler = 'bell.second.hear'
            """)
        let neighbour = try host.neighbour(BellModule.self)
        defer { neighbour.stop() }
        try await host.expect(
            "SELECT handler, number::text, reason FROM host.event_delayed WHERE parked_at IS NOT NULL",
            [["bell.second.hear", "2", "host.handlerInterrupted"]])
        try await host.expect(Self.first, [["a", "1"], ["x", "2"], ["x", "3"], ["x", "4"]])
        // Those of the subject wait behind it.
        try await host.expect(
            "SELECT count(*)::text FROM host.event_delayed WHERE handler = 'bell.second.hear'", [["3"]])
        try await host.expect(
            "SELECT is_busy::text, begun_for::text FROM host.event_cursor WHERE handler = 'bell.second.hear'",
            [["false", "0"]])
    }

    @Test("a handler of a topic that is not published, or of a stranger's, quarantines its module with the reason")
    func badHandlers() async throws {
        let host = try await TestHost.start(BellModule.self, DeafModule.self, NosyModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        let modules = try await admin.call("modules.list")["modules"]?.arrayValue ?? []
        let deaf = modules.first { $0["code"] == "deaf" }?["reason"]?.stringValue
        #expect(deaf?.contains("bell.broken, which module bell does not publish") == true)
        let nosy = modules.first { $0["code"] == "nosy" }?["reason"]?.stringValue
        #expect(nosy?.contains("neither needs nor awareOf names bell") == true)
    }
}

/// Handles a topic that its publisher does not have.
struct DeafModule: FeatureModule {
    struct Handler: EventHandler {
        static let name = "deaf.bell.hear"
        static let topics = ["bell.broken"]
        func handle(_ event: Event, _ call: Call) throws {}
    }
    static let manifest = ModuleManifest(
        code: "deaf", version: "1", summary: .init(zh: "聋", en: "Deaf"), needs: ["bell"])
    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [] }
    var handlers: [any EventHandler] { [Handler()] }
}

/// Handles a topic of a module that it says nothing of.
struct NosyModule: FeatureModule {
    struct Handler: EventHandler {
        static let name = "nosy.bell.hear"
        static let topics = ["bell.rung"]
        func handle(_ event: Event, _ call: Call) throws {}
    }
    static let manifest = ModuleManifest(code: "nosy", version: "1", summary: .init(zh: "好奇", en: "Nosy"))
    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [] }
    var handlers: [any EventHandler] { [Handler()] }
}
