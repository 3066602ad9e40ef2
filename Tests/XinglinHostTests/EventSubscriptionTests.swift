import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Subscribing to events")
struct EventSubscriptionTests {
    private static func ring(_ client: TestClient, _ names: String...) async throws {
        for name in names { try await client.call("bell.bell.ring", ["name": .string(name)]) }
    }

    private static func numbers(_ client: TestClient, _ count: Int) async throws -> [Int64] {
        var numbers: [Int64] = []
        for _ in 0..<count { numbers.append(try await client.notifications.next()["seq"]?.integerValue ?? 0) }
        return numbers
    }

    @Test("a subscriber gets what happens from now on, or after a number, in order and once")
    func liveAndReplay() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await Self.ring(nurse, "a", "a")
        try await host.expect("SELECT count(*)::text FROM host.event", [["2"]])
        let late = try await host.client(role: .doctor, site: "t1")
        let reply = try await late.call("events.subscribe", ["topics": ["bell.rung"]])
        #expect(reply["after"] == 2)
        let early = try await host.client(role: .doctor, site: "t1")
        try await early.call("events.subscribe", ["topics": ["bell.*"], "after": 0])
        #expect(try await Self.numbers(early, 2) == [1, 2])
        try await Self.ring(nurse, "b", "b")
        #expect(try await Self.numbers(early, 2) == [3, 4])
        let event = try await late.notifications.next()
        #expect(event["subscriptionId"] == reply["subscriptionId"])
        #expect(event["topic"] == "bell.rung")
        #expect(event["site"] == "t1")
        #expect(event["body"] == ["name": "b", "count": 1])
        #expect(event["at"]?.stringValue.flatMap { Timestamp($0) } != nil)
        #expect(try await Self.numbers(late, 1) == [4])
        let end = try await late.call("events.unsubscribe", ["subscriptionId": try #require(reply["subscriptionId"])])
        #expect(end["after"] == 4)
        try await Self.ring(nurse, "c")
        #expect(try await Self.numbers(early, 1) == [5])
        #expect(late.notifications.waiting == 0)
        let refused = await refusal {
            _ = try await late.call("events.unsubscribe", ["subscriptionId": reply["subscriptionId"] ?? .null])
        }
        #expect(refused?.reason == "host.notFound")
    }

    @Test("while writers race, every subscriber gets every event once and in order, wherever it begins")
    func racing() async throws {
        let host = try await TestHost.start(BellModule.self)
        var writers: [TestClient] = []
        for _ in 1...4 { writers.append(try await host.client(role: .nurse, site: "t1")) }
        let all = writers
        let (rings, total) = (60, 4 * 60)
        async let race = Racing.aside(4) {
            for ring in 0..<rings {
                _ = try Racing.retrying {
                    try all[ring % 4].callAndWait("bell.bell.ring", ["name": .string("n\(ring % 7)")])
                }
            }
        }
        var readers: [(client: TestClient, after: Int64)] = []
        for index in 0..<6 {
            let client = try await host.client(role: .doctor, site: "t1")
            let last = try host.sql("SELECT last::text FROM host.numbering")[0][0].flatMap { Int64($0) } ?? 0
            let after: Int64? = index % 2 == 0 ? nil : last / 2
            let reply = try await client.call(
                "events.subscribe", ["topics": ["bell.rung"], "after": after.map { .integer($0) } ?? .null])
            readers.append((client, try #require(reply["after"]?.integerValue)))
        }
        for outcome in await race { try outcome.get() }
        for (client, after) in readers {
            #expect(try await Self.numbers(client, total - Int(after)) == Array(after + 1..<Int64(total) + 1))
        }
        for (client, _) in readers { #expect(client.notifications.waiting == 0) }
    }

    @Test("a subscriber gets the events of the sites at which it may have them, and no topic without the role")
    func rights() async throws {
        let host = try await TestHost.start(BellModule.self)
        let here = try await host.client(role: .nurse, site: "t1")
        let there = try await host.client(role: .nurse, site: "t2")
        let both = try await host.client(role: .doctor, site: "county", reach: .subtree)
        try await here.call("events.subscribe", ["topics": ["bell.rung"]])
        try await both.call("events.subscribe", ["topics": ["bell.rung"]])
        try await Self.ring(there, "x")
        try await Self.ring(here, "y")
        #expect(try await Self.numbers(both, 2) == [1, 2])
        #expect(try await Self.numbers(here, 1) == [2])
        let reviewer = try await host.client(role: .reviewer, site: "t1")
        let refused = await refusal { _ = try await reviewer.call("events.subscribe", ["topics": ["bell.rung"]]) }
        #expect(refused?.reason == "host.forbidden")
        #expect(refused?.details?["roles"] == ["doctor", "nurse"])
        for (topics, place) in [
            (["bell.rung", "bell.nothing"], 1), (["nothing.*"], 0), (["*"], 0), (["bell.tolled"], 0),
        ] as [([String], Int)] {
            let refused = await refusal {
                _ = try await here.call("events.subscribe", ["topics": .array(topics.map { .string($0) })])
            }
            #expect(refused?.details?[0]?["pointer"]?.stringValue == "/topics/\(place)")
        }
        let future = await refusal {
            _ = try await here.call("events.subscribe", ["topics": ["bell.rung"], "after": 1_000_000])
        }
        #expect(future?.details?[0]?["pointer"] == "/after")
        let topics = try await here.call("events.topics")["topics"]?.arrayValue?.map { $0["topic"] }
        #expect(topics == ["bell.rung"])
    }

    @Test("a role taken away, a module disabled and a session ended end the subscription with the reason")
    func ended() async throws {
        let host = try await TestHost.start(BellModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        let revoked = try await host.client(role: .nurse, site: "t1")
        let out = try await host.client(role: .nurse, site: "t1")
        let disabled = try await host.client(role: .nurse, site: "t2")
        let untouched = try await host.client(role: .nurse, site: "t1")
        for client in [revoked, out, disabled, untouched] {
            try await client.call("events.subscribe", ["topics": ["bell.rung"]])
        }
        try await admin.call(
            "accounts.setRoles",
            ["account": .string(revoked.account), "roles": [["role": "pharmacist", "site": "t1"]]])
        let first = try await revoked.notifications.next("events.ended")
        #expect(first["reason"] == "host.forbidden")
        #expect(first["after"] == 0)
        try await admin.call("modules.disable", ["module": "bell", "site": "t2"])
        #expect(try await disabled.notifications.next("events.ended")["reason"] == "host.moduleDisabled")
        try await out.call("session.logout")
        #expect(try await out.notifications.next("events.ended")["reason"] == "host.sessionExpired")
        try await Self.ring(untouched, "a")
        #expect(try await untouched.notifications.next()["topic"] == "bell.rung")
        #expect(revoked.notifications.waiting + disabled.notifications.waiting + out.notifications.waiting == 0)
    }

    @Test("a site that is added while somebody subscribes is seen from its first event on")
    func newSite() async throws {
        let host = try await TestHost.start(BellModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        try await admin.call("events.subscribe", ["topics": ["host.*"]])
        try await admin.call(
            "sites.create", ["code": "t9", "nameZh": "测试机构", "kind": "townshipCentre", "parent": "county"])
        let event = try await admin.notifications.next()
        #expect(event["topic"] == "host.siteCreated")
        #expect(event["site"] == "t9")
    }

    @Test("a subscriber that reads too slowly is cut off with its number, from which it goes on without a gap")
    func slow() async throws {
        var events = HostSettings.Events()
        events.subscriberBytes = 2_000
        let host = try await TestHost.start(BellModule.self, events: events)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let doctor = try await host.client(role: .doctor, site: "t1")
        try await doctor.call("events.subscribe", ["topics": ["bell.rung"]])
        try await Self.ring(nurse, "a")
        try await host.expect("SELECT count(*)::text FROM host.event", [["1"]])
        for _ in 1...30 { try await Self.ring(nurse, "a") }
        // It reads what came before the end only now.
        while doctor.notifications.unsentBytes <= 2_000 { try await Task.sleep(for: .milliseconds(5)) }
        try await host.expect("SELECT count(*)::text FROM host.event", [["31"]])
        var seen: [Int64] = []
        var cut: Int64?
        while cut == nil {
            let line = try await doctor.notifications.nextOfAny()
            if line.method == "events.ended" {
                #expect(line.params["reason"] == "host.subscriberSlow")
                cut = line.params["after"]?.integerValue
            } else {
                seen.append(line.params["seq"]?.integerValue ?? 0)
            }
        }
        #expect(seen == Array(1...(cut ?? 0)))
        try await doctor.call("events.subscribe", ["topics": ["bell.rung"], "after": .integer(cut ?? 0)])
        // What it missed comes as fast as it reads, and cuts nobody off.
        seen += try await Self.numbers(doctor, 31 - seen.count)
        #expect(seen == Array(1...31))
    }

    @Test("a connection and an account have so many subscriptions, and a closed connection gives its own back")
    func limits() async throws {
        var events = HostSettings.Events()
        (events.subscriptionsPerConnection, events.subscriptionsPerAccount) = (2, 3)
        let host = try await TestHost.start(BellModule.self, events: events)
        let nurse = try await host.client(role: .nurse, site: "t1")
        for _ in 1...2 { try await nurse.call("events.subscribe", ["topics": ["bell.rung"]]) }
        let refused = await refusal { _ = try await nurse.call("events.subscribe", ["topics": ["bell.rung"]]) }
        #expect(refused?.reason == "host.tooManySubscriptions")
        #expect(refused?.details == ["limit": 2])
        nurse.close()
        for _ in 1...2 { try await nurse.call("events.subscribe", ["topics": ["bell.rung"]]) }
        let stranger = host.anonymous()
        let anonymous = await refusal { _ = try await stranger.call("events.subscribe", ["topics": ["bell.rung"]]) }
        #expect(anonymous?.reason == "host.unauthenticated")
    }

    @Test("events go when they are old and every handler has passed them; who asks for them is told the oldest")
    func retention() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await Self.ring(nurse, "a", "a", "a", "a", "a")
        try await host.expect("SELECT count(*)::text FROM bell.heard", [["10"]])
        host.core.stop()
        // Events 1 to 4 are old; a handler of another host has passed 3 of them.
        try host.script(
            """
            UPDATE host.event SET at = at - interval '401 days' WHERE number <= 4;
            INSERT INTO host.event_cursor (handler, number, seen_at) VALUES ('other.host.hear', 3, now())
            """)
        let neighbour = try host.neighbour(BellModule.self)
        defer { neighbour.stop() }
        try await host.expect("SELECT min(number)::text FROM host.event", [["4"]])
        let client = InProcessClient(neighbour.service, path: nurse.notifications)
        _ = try await client.call("session.resume", ["token": .string(nurse.token)])
        let refused = await refusal {
            _ = try await client.call("events.subscribe", ["topics": ["bell.rung"], "after": 2])
        }
        #expect(refused?.reason == "host.eventsGone")
        #expect(refused?.details == ["oldest": 4, "last": 5])
        _ = try await client.call("events.subscribe", ["topics": ["bell.rung"], "after": 3])
        #expect(try await Self.numbers(nurse, 2) == [4, 5])
    }
}
