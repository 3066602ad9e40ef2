import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What the database itself lets each site see and change of a forwarded prescription: docs/adr/0021.
struct ForwardingSiteTests {
    @Test(
        "the policies hold without any WHERE: the pharmacy reads the original while it is sent, the sender reads what is made of it",
        arguments: [("county", 1, 2), ("t1", 1, 2), ("t2", 0, 0)])
    func rows(site: String, forwardings: Int, prescriptions: Int) async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        // One that nobody sends is nobody else's business.
        _ = try await both.submit()
        let own = site == "t1" ? 1 : 0
        let (_, forwarding, made) = try await both.taken()
        try Self.expect(forwardings, "SELECT count(*) FROM decoction.forwarding", at: site, of: both)
        try Self.expect(prescriptions + own, "SELECT count(*) FROM decoction.prescription", at: site, of: both)
        // The county has lines of its own besides the original's; the township sees its own alone.
        let lines = site == "county" ? 2 : prescriptions / 2 + own
        try Self.expect(lines, "SELECT count(*) FROM decoction.prescription_line", at: site, of: both)
        try Self.expect(
            0, "WITH gone AS (DELETE FROM decoction.forwarding RETURNING 1) SELECT count(*) FROM gone", at: site,
            of: both)
        try await both.approve(made)
        try await both.dispense(made)
        try await both.ship(forwarding)
        // It has all that it needs of the original; from now on it sees its own alone.
        let left = site == "county" ? 1 : prescriptions
        try Self.expect(left + own, "SELECT count(*) FROM decoction.prescription", at: site, of: both)
    }

    @Test("what was called back or refused is the sender's again, with nothing of it left to read for the pharmacy")
    func goneAgain() async throws {
        let both = try await TwoPharmacies.open()
        let home = try await both.submit()
        for count in [1, 0] {
            if count == 1 {
                _ = try await both.forward(home)
            } else {
                try await both.doctor.call("decoction.prescription.withdrawForward", ["prescriptionId": home])
            }
            for table in ["prescription", "prescription_line"] {
                try Self.expect(count, "SELECT count(*) FROM decoction.\(table)", at: "county", of: both)
            }
        }
    }

    @Test(
        "each side brings it into its own states alone, and writes its own columns",
        arguments: [
            ("county", "state = 'received', received_at = now()"),
            ("county", "state = 'withdrawn', withdrawn_at = now()"),
            ("t1", "state = 'taken'"), ("t1", "state = 'refused', refusal = 'x', refused_at = now()"),
            ("t1", "state = 'withdrawn', withdrawn_at = now(), patient_ids = '{}'"),
            ("county", "state = 'taken', site_code = 'x'"), ("county", "state = 'taken', sent_at = now()"),
            ("county", "site_id = pharmacy_site_id, pharmacy_site_id = site_id"),
            ("t1", "state = 'withdrawn', withdrawn_at = now(), taken_at = now() + interval '1 day'"),
        ])
    func columns(site: String, change: String) async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        _ = try await both.taken()
        let sql = "WITH changed AS (UPDATE decoction.forwarding SET \(change) RETURNING 1) SELECT count(*) FROM changed"
        #expect(throws: (any Error).self) { try Self.expect(1, sql, at: site, of: both) }
        #expect(throws: (any Error).self) { try Self.expect(0, sql, at: site, of: both) }
        try Self.expect(0, sql, at: "t2", of: both)
    }

    @Test("a new key re-seals what either side wrote, as the owner of the tables, in whatever state it is")
    func resealed() async throws {
        let both = try await TwoPharmacies.open()
        let home = try await both.submit()
        let resealing = """
            WITH sealed AS (UPDATE decoction.forwarding SET patient_name = patient_name || '' RETURNING 1)
            SELECT count(*) FROM sealed
            """
        for step in ["sent", "withdrawn"] {
            if step == "sent" {
                _ = try await both.forward(home)
            } else {
                try await both.doctor.call("decoction.prescription.withdrawForward", ["prescriptionId": home])
            }
            for site in ["county", "t1"] {
                try Self.expect(1, resealing, at: site, of: both, as: "xinglin_owner")
            }
        }
        try Self.expect(0, resealing, at: "t2", of: both)
    }

    @Test("both sites have the events and the audit of a step; a third has neither")
    func bothSides() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let (_, forwarding, made) = try await both.taken()
        try await both.approve(made)
        try await both.dispense(made)
        try await both.ship(forwarding)
        try await both.receive(forwarding)
        try await both.host.expect(
            """
            SELECT topic, body::jsonb ->> 'state', string_agg(code, ' ' ORDER BY code) FROM host.event
            JOIN host.site USING (site_id) WHERE subject::text = '\(forwarding.stringValue ?? "")'
            GROUP BY topic, body::jsonb ->> 'state' ORDER BY min(event.number)
            """,
            [
                ["decoction.prescription.forwarded", nil, "county t1"],
                ["decoction.forwarded.moved", "taken", "county t1"],
                ["decoction.forwarded.progressed", "approved", "t1"],
                ["decoction.forwarded.progressed", "dispensed", "t1"],
                ["decoction.forwarded.moved", "inTransit", "county t1"],
                ["decoction.forwarded.moved", "received", "county t1"],
            ])
        let audited = try both.host.sql(
            """
            SELECT method, string_agg(code, ' ' ORDER BY code) FROM host.audit JOIN host.site USING (site_id)
            WHERE outcome = 'done' AND notes::jsonb ? 'forwardingId' GROUP BY method, trace ORDER BY min(seq)
            """)
        #expect(
            audited.map { "\($0[0] ?? ""): \($0[1] ?? "")" } == [
                "decoction.prescription.forward: county t1", "decoction.forwarded.take: county t1",
                "decoction.prescription.review: county t1", "decoction.prescription.dispense: county t1",
                "decoction.forwarded.ship: county t1", "decoction.forwarded.receive: county t1",
            ])
        let text =
            try both.host.sql(
                "SELECT string_agg(body, ' ') FROM host.event WHERE topic LIKE 'decoction.%'")[0][0] ?? ""
        #expect(!text.contains(both.clinic.woman))
    }

    /// Counts under the module's role at a site alone, and takes back what the statement did.
    /// - Throws: where another count comes, or a policy refuses it.
    private static func expect(
        _ count: Int, _ sql: String, at site: String, of both: TwoPharmacies, as role: String = "xinglin_decoction"
    ) throws {
        try both.host.script(
            """
            BEGIN;
            SELECT set_config('xinglin.site', site_id::text, true),
                set_config('xinglin.readable_sites', '{' || site_id || '}', true) FROM host.site WHERE code = '\(site)';
            SET LOCAL ROLE \(role);
            DO $$ DECLARE found bigint; BEGIN
                EXECUTE $sql$ \(sql) $sql$ INTO found;
                IF found <> \(count) THEN RAISE EXCEPTION 'another count came: %', found; END IF;
            END $$;
            ROLLBACK
            """)
    }
}
