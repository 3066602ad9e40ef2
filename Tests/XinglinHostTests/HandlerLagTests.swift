import Testing
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("How far handlers are behind") struct HandlerLagTests {
    private static func lag(_ host: TestHost) throws -> [String: Double] {
        let services = host.core.services
        let connection = try Connection(services.conninfo, applicationName: "tests")
        let values = try DatabaseGauge.handlers.read(connection, services.clock.now, services.registry)
        let lags = values.filter { $0.family.name == "xinglin_event_handler_lag" }
        return Dictionary(uniqueKeysWithValues: lags.map { ($0.labels[0], $0.value) })
    }

    /// Numbered events of a topic that no handler has.
    private static func happenElsewhere(_ host: TestHost, _ count: Int) throws {
        try host.script(
            """
            INSERT INTO host.event (number, event_id, topic, subject, at, trace, body)
                SELECT last + n, gen_random_uuid(), 'other.thing', gen_random_uuid(), now(), 't', '{}'
                FROM host.numbering, generate_series(1, \(count)) AS n WHERE name = 'event';
            UPDATE host.numbering SET last = last + \(count) WHERE name = 'event'
            """)
    }

    @Test("events of topics that a handler does not handle are no lag, and its cursor follows them")
    func foreignTopics() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect("SELECT count(*)::text FROM bell.heard", [["2"]])
        try Self.happenElsewhere(host, 30_000)
        let lag = try Self.lag(host)
        #expect(lag["bell.first.hear"] == 0 && lag["bell.second.hear"] == 0, "\(lag)")
        // What was passed over is neither read again after a restart nor kept for the handler.
        try await host.expect("SELECT DISTINCT number::text FROM host.event_cursor", [["30001"]])
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect("SELECT count(*)::text FROM bell.heard", [["4"]])
    }

    @Test("events that wait for a handler are its lag, whatever lies between them")
    func ownTopics() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await host.expect(
            "SELECT count(*)::text FROM host.event_cursor WHERE handler = 'bell.second.hear'", [["1"]])
        // As if another host were at work on it.
        let held = try host.hold("SELECT pg_advisory_xact_lock(\(0x786C_6568), hashtext('bell.second.hear'))")
        for _ in 1...3 {
            try await nurse.call("bell.bell.ring", ["name": "a"])
            try Self.happenElsewhere(host, 1_000)
        }
        try await host.expect("SELECT count(*)::text FROM bell.heard WHERE handler = 'bell.first.hear'", [["3"]])
        #expect(try Self.lag(host)["bell.second.hear"] == 3)
        #expect(try Self.lag(host)["bell.first.hear"] == 0)
        try held.release()
        try await host.expect("SELECT count(*)::text FROM bell.heard", [["6"]])
        #expect(try Self.lag(host)["bell.second.hear"] == 0)
    }

    @Test("a handler that is gone has no lag")
    func goneHandler() async throws {
        let host = try await TestHost.start(BellModule.self)
        try host.script(
            "INSERT INTO host.event_cursor (handler, number, seen_at) VALUES ('gone.thing.hear', 0, now())")
        try Self.happenElsewhere(host, 5)
        #expect(try Self.lag(host)["gone.thing.hear"] == nil)
    }
}
