import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What a third site sees of what travels between two others, and what the database itself refuses: docs/adr/0020.
struct SharedSiteTests {
    @Test("a third site sees nothing of an order, a shipment or a claim, and moves none of them")
    func stranger() async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 1000)
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 500))
        let steps: [(String, JSONValue)] = [
            ("order.get", TwoSites.id(order)), ("order.accept", TwoSites.id(order)), ("order.ship", TwoSites.id(order)),
            ("order.cancel", ["orderId": .string(order), "reason": "错"]),
            ("order.refuse", ["orderId": .string(order), "reason": "错"]),
            ("order.receive", TwoSites.counted(order, [(lot, 500)])),
        ]
        for (method, params) in steps {
            let refused = try await sites.refusal(sites.stranger, "decoction.\(method)", params)
            #expect(refused.reason == "host.notFound", "\(method)")
        }
        let claim = try #require(try await sites.receive(order, (lot, 400))["claims"]?[0]?["claimId"])
        let settling: JSONValue = ["claimId": claim, "settlement": "found", "reason": "错"]
        #expect(
            try await sites.refusal(sites.stranger, "decoction.claim.settle", settling).reason == "host.notFound")
        #expect(try await sites.stranger.call("decoction.order.list")["orders"] == [])
        #expect(try await sites.stranger.call("decoction.transit.list")["transit"] == [])
        #expect(try await sites.stranger.call("decoction.claim.list")["claims"] == [])
        #expect(try await sites.onHand(sites.stranger, Pharmacy.mahuang) == 0)
    }

    @Test(
        "the policies hold without any WHERE: rows by site",
        arguments: [("county", "1"), ("t1", "1"), ("t2", "0")])
    func rows(site: String, seen: String) async throws {
        let sites = try await TwoSites.open()
        let lot = try await sites.stock(Pharmacy.mahuang, 1000)
        let (order, _) = try await sites.shipped((Pharmacy.mahuang, 500))
        _ = try await sites.receive(order, (lot, 400))
        let tables = [
            "supply_order", "supply_order_line", "shipment_line", "shipment_receipt", "shipment_claim",
        ]
        for table in tables {
            try Self.expect(seen, "SELECT count(*) FROM decoction.\(table)", at: site, of: sites)
        }
        // The receiver opens a claim and never settles it, and the sender's store is not the receiver's to change.
        try Self.expect(
            site == "county" ? "1" : "0",
            """
            WITH settled AS (UPDATE decoction.shipment_claim SET state = 'resent', reason = 'x', settled_at = now(),
                settled_by = site_id RETURNING 1) SELECT count(*) FROM settled
            """, at: site, of: sites)
        try Self.expect(
            "0", "WITH gone AS (DELETE FROM decoction.shipment_line RETURNING 1) SELECT count(*) FROM gone", at: site,
            of: sites)
    }

    @Test("nobody places an order in another site's name, and no stranger opens a claim between two others")
    func forged() async throws {
        let sites = try await TwoSites.open()
        try await sites.stock(Pharmacy.mahuang, 1000)
        _ = try await sites.shipped((Pharmacy.mahuang, 500))
        let forging = """
            WITH forged AS (INSERT INTO decoction.supply_order_line
                SELECT site.site_id, county.site_id, order_id, 2, 'XLYP0003', 1
                FROM (SELECT current_setting('tests.order')::uuid AS order_id) AS placed,
                    (SELECT current_setting('tests.t1')::uuid AS site_id) AS site,
                    (SELECT current_setting('tests.county')::uuid AS site_id) AS county RETURNING 1)
            SELECT count(*) FROM forged
            """
        try Self.expect("1", forging, at: "t1", of: sites)
        for site in ["county", "t2"] {
            #expect(throws: (any Error).self) { try Self.expect("1", forging, at: site, of: sites) }
            #expect(throws: (any Error).self) { try Self.expect("0", forging, at: site, of: sites) }
        }
    }

    /// Counts under the module's role at a site alone, and takes back what the statement did.
    /// - Throws: where another count comes, or a policy refuses it.
    private static func expect(_ count: String, _ sql: String, at site: String, of sites: TwoSites) throws {
        try sites.host.script(
            """
            BEGIN;
            SELECT set_config('tests.' || code, site_id::text, true) FROM host.site;
            SELECT set_config('tests.order', order_id::text, true) FROM decoction.supply_order;
            SELECT set_config('xinglin.site', site_id::text, true),
                set_config('xinglin.readable_sites', '{' || site_id || '}', true) FROM host.site WHERE code = '\(site)';
            SET LOCAL ROLE xinglin_decoction;
            DO $$ DECLARE found bigint; BEGIN
                EXECUTE $sql$ \(sql) $sql$ INTO found;
                IF found <> \(count) THEN RAISE EXCEPTION 'another count came: %', found; END IF;
            END $$;
            ROLLBACK
            """)
    }
}
