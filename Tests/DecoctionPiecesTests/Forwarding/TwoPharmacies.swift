import People
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The township `t1`, which writes prescriptions, and the pharmacy of `county`, which it sends them to; `t2` is neither.
struct TwoPharmacies {
    let clinic: Clinic
    /// The township's.
    let homeReviewer: TestClient
    /// The county's, each of staff of its own.
    let reviewer: TestClient
    let dispenser: TestClient
    let reviewerStaff: String
    let dispenserStaff: String
    let checkerStaff: String
    let scale: String
    let stranger: TestClient

    var host: TestHost { self.clinic.host }
    var doctor: TestClient { self.clinic.doctor }
    var township: TestClient { self.clinic.pharmacy.pharmacist }

    static func open() async throws -> TwoPharmacies {
        let clinic = try await Clinic.open()
        let host = clinic.host
        let admin = try await host.client(role: .siteAdmin, site: "county")
        try await admin.call("decoction.pharmacy.set", ["licence": "京20260009", "takesOrders": true])
        let department = try #require(
            try await admin.call(
                "people.department.create", ["code": "ZYF", "nameZh": "中药房", "kind": "pharmacy"])["departmentId"])
        func staff(_ title: String) async throws -> String {
            let person = try await admin.call("people.person.register", ["nameZh": "测试药师", "sex": "female"])
            let reply = try await admin.call(
                "people.staff.create",
                [
                    "personId": try #require(person["personId"]), "departmentId": department, "title": .string(title),
                ])
            return try #require(reply["staffId"]?.stringValue)
        }
        let staff = [
            try await staff("tcmPharmacistInCharge"), try await staff("assistantTcmPharmacist"),
            try await staff("tcmPharmacist"),
        ]
        let pharmacist = try await host.client(role: .pharmacist, site: "county")
        try await pharmacist.call(
            "decoction.supplier.create", ["nameZh": "亳州某饮片有限公司", "licence": "皖20260001"])
        let scale = try await pharmacist.call(
            "decoction.scale.create",
            [
                "code": "TP01", "nameZh": "电子秤",
                "calibration": [
                    "calibratedOn": "2026-06-01", "validUntil": "2027-05-31", "certificateNumber": "JD20260601",
                ],
            ])
        return try await TwoPharmacies(clinic, staff, try #require(scale["scaleId"]?.stringValue))
    }

    private init(_ clinic: Clinic, _ staff: [String], _ scale: String) async throws {
        self.clinic = clinic
        self.scale = scale
        (self.reviewerStaff, self.dispenserStaff, self.checkerStaff) = (staff[0], staff[1], staff[2])
        self.homeReviewer = try await clinic.host.client(role: .reviewer, site: "t1")
        self.stranger = try await clinic.host.client(role: .pharmacist, site: "t2")
        func client(_ role: Role, of staff: String) async throws -> TestClient {
            let client = try await clinic.host.client(role: role, site: "county")
            try clinic.host.script(
                "UPDATE host.account SET staff_id = '\(staff)' WHERE account = '\(client.account)'")
            try clinic.host.core.reloadDirectory()
            return client
        }
        self.reviewer = try await client(.reviewer, of: staff[0])
        self.dispenser = try await client(.pharmacist, of: staff[1])
    }

    /// The same later, with new sessions.
    func later(days: Int) async throws -> TwoPharmacies {
        let pharmacy = try await self.clinic.pharmacy.later(Pharmacy.now.adding(seconds: Int64(days) * 86_400))
        let old = self.clinic
        let clinic = Clinic(
            host: self.host, pharmacy: pharmacy, doctor: try await self.host.client(role: .doctor, site: "t1"),
            admin: try await self.host.client(role: .siteAdmin, site: "t1"), chief: old.chief,
            colleague: old.colleague, junior: old.junior, intern: old.intern, woman: old.woman)
        return try await TwoPharmacies(
            clinic, [self.reviewerStaff, self.dispenserStaff, self.checkerStaff], self.scale)
    }

    /// Puts ten kilograms of each piece on a site's shelf, past receiving; gives nothing: what is tested is not the ledger.
    func shelve(_ names: String..., at site: String = "county") throws {
        for name in names {
            try self.host.script(
                """
                WITH lot AS (
                    INSERT INTO decoction.lot (site_id, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on,
                        unit_cost_fen_per_kg, received_mg, on_hand_mg, state, received_at, received_by, received_on)
                    SELECT site_id, gen_random_uuid(), '\(Clinic.code(name))', supplier_id, 'B', '2026-01-01', '2028-01-01',
                        100, 10000000, 10000000, 'accepted', now(), created_by, '2026-01-02'
                    FROM decoction.supplier JOIN host.site USING (site_id) WHERE site.code = '\(site)' RETURNING *
                )
                INSERT INTO decoction.movement (site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at,
                    account_id, location_id, booked_on)
                SELECT site_id, lot_id, 1, lot_id, piece_code, 'receipt', received_mg, '', received_at, received_by, site_id,
                    received_on
                FROM lot
                """)
        }
    }

    /// Hands a prescription in at the township; gives its id.
    func submit(
        _ change: (Draft) -> Draft = { $0 }, signatures: JSONValue? = nil
    ) async throws -> JSONValue {
        var draft = change(Draft(self.clinic)).woman(36, pregnant: "no").handedIn(self.clinic.woman)
        if let signatures { draft = draft.with("signatures", signatures) }
        return try #require(
            try await self.doctor.call("decoction.prescription.submit", draft.json)["prescriptionId"])
    }

    static func forwarding(_ id: JSONValue) -> JSONValue { ["forwardingId": id] }
    static func sending(_ id: JSONValue) -> JSONValue { ["prescriptionId": id, "toSite": "county"] }

    /// Sends it to the county; gives the forwarding.
    func forward(_ id: JSONValue) async throws -> JSONValue {
        let reply = try await self.doctor.call("decoction.prescription.forward", Self.sending(id))
        #expect(reply["state"] == "forwarded")
        return try #require(reply["forwardingId"])
    }

    /// Takes it at the county; gives the county's prescription.
    func take(_ forwarding: JSONValue) async throws -> JSONValue {
        let reply = try await self.reviewer.call("decoction.forwarded.take", Self.forwarding(forwarding))
        #expect(reply["dispensable"] == true, "\(reply)")
        return try #require(reply["prescriptionId"])
    }

    /// Submitted, sent and taken: the original, the forwarding, the county's.
    func taken() async throws -> (home: JSONValue, forwarding: JSONValue, made: JSONValue) {
        let home = try await self.submit()
        let forwarding = try await self.forward(home)
        return (home, forwarding, try await self.take(forwarding))
    }

    func approve(_ made: JSONValue) async throws {
        let reply = try await self.reviewer.call(
            "decoction.prescription.review", ["prescriptionId": made, "decision": "approve"])
        #expect(reply["state"] == "approved")
    }

    func refuse(_ made: JSONValue, _ note: String = "请改方") async throws {
        try await self.reviewer.call(
            "decoction.prescription.review",
            ["prescriptionId": made, "decision": "refuse", "note": .string(note)])
    }

    /// Weighs six grams of 麻黄 for each of three doses, and dispenses.
    @discardableResult
    func dispense(_ made: JSONValue) async throws -> JSONValue {
        let weighings = (1...3).map { dose in
            [
                "dose": .integer(dose), "pieceCode": .string(Clinic.code("麻黄")), "scaleId": .string(self.scale),
                "grossMg": 18_000, "tareMg": 12_000,
            ] as JSONValue
        }
        return try await self.dispenser.call(
            "decoction.prescription.dispense",
            [
                "prescriptionId": made, "weighings": .array(weighings), "checkedByStaffId": .string(self.checkerStaff),
            ])
    }

    func ship(_ forwarding: JSONValue) async throws {
        let reply = try await self.dispenser.call(
            "decoction.forwarded.ship", ["forwardingId": forwarding, "carrier": "配送员甲"])
        #expect(reply["state"] == "inTransit")
    }

    func receive(_ forwarding: JSONValue) async throws {
        let reply = try await self.township.call("decoction.forwarded.receive", Self.forwarding(forwarding))
        #expect(reply["prescriptionState"] == "arrived")
    }

    /// Gives up what did not arrive, or is not given out.
    func giveUp(_ forwarding: JSONValue, _ why: String = "lost") async throws {
        let reply = try await self.township.call(
            "decoction.forwarded.giveUp",
            ["forwardingId": forwarding, "why": .string(why), "reason": "已电话告知县院"])
        #expect(reply["state"] == "givenUp")
    }

    /// The township's card of a prescription.
    func card(_ home: JSONValue) async throws -> JSONValue {
        try await self.doctor.call("decoction.prescription.get", ["prescriptionId": home])
    }

    /// The county's.
    func countyCard(_ made: JSONValue) async throws -> JSONValue {
        try await self.reviewer.call("decoction.prescription.get", ["prescriptionId": made])
    }

    func refusal(_ client: TestClient, _ method: String, _ params: JSONValue) async throws -> CallRefused {
        let error = await #expect(throws: CallRefused.self) { try await client.call(method, params) }
        return try #require(error)
    }

    /// What contradicts that a prescription is at one pharmacy and reserved there alone; there must be nothing.
    func contradictions() throws -> [[String?]] {
        try self.host.sql(
            """
            SELECT 'twice', prescription_id, count(*) FROM decoction.forwarding
            WHERE state NOT IN ('withdrawn', 'refused', 'givenUp') GROUP BY prescription_id HAVING count(*) > 1
            UNION ALL
            SELECT 'home and away', home.prescription_id, 1 FROM decoction.forwarding JOIN decoction.prescription AS home
                USING (site_id, prescription_id)
            WHERE forwarding.state IN ('sent', 'taken', 'inTransit') AND home.state <> 'forwarded'
            UNION ALL
            SELECT 'nowhere', home.prescription_id, 1 FROM decoction.prescription AS home
            WHERE home.state = 'forwarded' AND NOT EXISTS (
                SELECT FROM decoction.forwarding WHERE forwarding.prescription_id = home.prescription_id)
            UNION ALL
            SELECT 'made of nothing', made.prescription_id, 1 FROM decoction.prescription AS made
            JOIN decoction.forwarding USING (forwarding_id)
            WHERE forwarding.state IN ('sent', 'withdrawn') OR forwarding.state = 'refused' AND made.state <> 'refused'
                OR forwarding.state IN ('inTransit', 'received', 'givenUp') AND made.state <> 'handedOver'
            UNION ALL
            SELECT 'reserved', reservation.prescription_id, 1 FROM decoction.reservation
            JOIN decoction.prescription USING (site_id, prescription_id)
            WHERE released_at IS NULL AND prescription.state NOT IN ('approved', 'dispensing')
            UNION ALL
            SELECT 'reserved at home', home.prescription_id, 1 FROM decoction.reservation
            JOIN decoction.forwarding AS home USING (site_id, prescription_id)
            WHERE released_at IS NULL AND home.state NOT IN ('withdrawn', 'refused', 'givenUp')
            """)
    }
}
