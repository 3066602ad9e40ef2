import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Publishing events")
struct EventPublishTests {
    private static let numbered = "SELECT number::text, topic, body FROM host.event ORDER BY event.number"

    @Test("a write's event is numbered, with its site, subject, account and trace, and leaves the outbox")
    func published() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a"])
        try await host.expect(
            """
            SELECT e.number::text, e.topic, e.body, s.code, a.account, (e.trace = x.trace)::text, (e.subject = \
            '00000000-0000-0007-0000-000000000061')::text, (SELECT count(*) FROM host.outbox)::text \
            FROM host.event e JOIN host.site s USING (site_id) JOIN host.account a USING (account_id) \
            JOIN host.audit x ON x.method = 'bell.bell.ring'
            """,
            [["1", "bell.rung", #"{"count":1,"name":"a"}"#, "t1", nurse.account, "true", "true", "0"]])
    }

    @Test("what is refused, or rolled back within another module's call, publishes nothing")
    func refusedPublishesNothing() async throws {
        let host = try await TestHost.start(BellModule.self, RingerModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        let refused = await refusal { _ = try await nurse.call("bell.bell.ring", ["name": "a", "trick": "refuse"]) }
        #expect(refused?.reason == "bell.cracked")
        try await nurse.call("ringer.bells.ring")
        try await host.expect(
            Self.numbered,
            [["1", "bell.rung", #"{"count":1,"name":"a"}"#], ["2", "ringer.bellsRung", #"{"count":1}"#]])
    }

    @Test("a module publishes only what its manifest declares, as its schema says, and never in a read")
    func badPublications() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        for trick in ["undeclared", "wrongBody", "unconcerned"] {
            let refused = await refusal {
                _ = try await nurse.call("bell.bell.ring", ["name": "a", "trick": .string(trick)])
            }
            #expect(refused?.reason == "host.internal")
        }
        let refused = await refusal { _ = try await nurse.call("bell.bell.ringInRead") }
        #expect(refused?.reason == "host.internal")
        #expect(try host.sql("SELECT FROM bell.bell").isEmpty)
        #expect(try host.sql("SELECT FROM host.outbox UNION ALL SELECT FROM host.event").isEmpty)
    }

    @Test("a call that concerns another site has its events and its audit row there too, in that site's chain")
    func twoSites() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        try await nurse.call("bell.bell.ring", ["name": "a", "trick": "parent"])
        try await host.expect(
            "SELECT number::text, code FROM host.event JOIN host.site USING (site_id) ORDER BY number",
            [["1", "t1"], ["2", "county"]])
        try await host.expect(
            """
            SELECT code, (chain = site_id)::text FROM host.audit JOIN host.audit_link USING (seq) JOIN host.site USING (site_id)
            WHERE method = 'bell.bell.ring' ORDER BY seq
            """, [["t1", "true"], ["county", "true"]])
        #expect(
            try host.sql(
                "SELECT count(DISTINCT trace), count(DISTINCT digest) FROM host.audit WHERE method = 'bell.bell.ring'")
                == [["1", "2"]])
    }

    @Test("the host says that a site was added and that a module was enabled or disabled, once each")
    func hostEvents() async throws {
        let host = try await TestHost.start(BellModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "county", reach: .subtree)
        try await admin.call(
            "sites.create", ["code": "t3", "nameZh": "测试机构", "kind": "townshipCentre", "parent": "county"])
        for _ in 1...2 { try await admin.call("modules.enable", ["module": "bell", "site": "t3"]) }
        try await admin.call("modules.disable", ["module": "bell", "site": "t3"])
        try await host.expect(
            "SELECT topic, body, (subject = site_id)::text FROM host.event ORDER BY event.number",
            [
                ["host.siteCreated", #"{"kind":"townshipCentre","parent":"county","site":"t3"}"#, "true"],
                ["host.moduleEnabled", #"{"module":"bell","site":"t3"}"#, "true"],
                ["host.moduleDisabled", #"{"module":"bell","site":"t3"}"#, "true"],
            ])
    }

    @Test("a repeated call with its idempotency key publishes once")
    func idempotent() async throws {
        let host = try await TestHost.start(BellModule.self)
        let nurse = try await host.client(role: .nurse, site: "t1")
        for _ in 1...3 { try await nurse.call("bell.bell.ring", ["name": "a"], key: "one") }
        try await nurse.call("bell.bell.ring", ["name": "b"])
        try await host.expect(
            Self.numbered,
            [
                ["1", "bell.rung", #"{"count":1,"name":"a"}"#], ["2", "bell.rung", #"{"count":1,"name":"b"}"#],
            ])
    }
}
