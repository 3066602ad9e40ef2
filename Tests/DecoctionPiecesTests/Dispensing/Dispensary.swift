import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A township's pharmacy with a doctor, a reviewing pharmacist, a dispenser and a checker, each with an account of their own.
struct Dispensary {
    let clinic: Clinic
    let reviewer: TestClient
    let dispenser: TestClient
    let reviewerStaff: String
    let dispenserStaff: String
    let checkerStaff: String
    /// One whose calibration is in force for a year.
    let scale: String

    var host: TestHost { self.clinic.host }
    var pharmacy: Pharmacy { self.clinic.pharmacy }

    static func open() async throws -> Dispensary {
        let clinic = try await Clinic.open()
        let department = try #require(
            try await clinic.admin.call(
                "people.department.create", ["code": "ZYF", "nameZh": "中药房", "kind": "pharmacy"])["departmentId"])
        func staff(_ title: String) async throws -> String {
            let person = try await clinic.doctor.call(
                "people.person.register", ["nameZh": "测试药师", "sex": "female"])
            let reply = try await clinic.admin.call(
                "people.staff.create",
                [
                    "personId": try #require(person["personId"]), "departmentId": department, "title": .string(title),
                ])
            return try #require(reply["staffId"]?.stringValue)
        }
        let (first, second, third) = (
            try await staff("tcmPharmacistInCharge"), try await staff("assistantTcmPharmacist"),
            try await staff("tcmPharmacist")
        )
        let scale = try await clinic.pharmacy.pharmacist.call(
            "decoction.scale.create",
            [
                "code": "TP01", "nameZh": "电子秤",
                "calibration": [
                    "calibratedOn": "2026-06-01", "validUntil": "2027-05-31", "certificateNumber": "JD20260601",
                ],
            ])
        #expect(scale["usable"] == true)
        return Dispensary(
            clinic: clinic, reviewer: try await clinic.client(.reviewer, of: first),
            dispenser: try await clinic.client(.pharmacist, of: second), reviewerStaff: first, dispenserStaff: second,
            checkerStaff: third, scale: try #require(scale["scaleId"]?.stringValue))
    }

    /// The same later, with new sessions.
    func later(_ instant: Timestamp) async throws -> Dispensary {
        let pharmacy = try await self.pharmacy.later(instant)
        let clinic = Clinic(
            host: self.host, pharmacy: pharmacy, doctor: try await self.host.client(role: .doctor, site: "t1"),
            admin: try await self.host.client(role: .siteAdmin, site: "t1"), chief: self.clinic.chief,
            colleague: self.clinic.colleague, junior: self.clinic.junior, intern: self.clinic.intern,
            woman: self.clinic.woman)
        return Dispensary(
            clinic: clinic, reviewer: try await self.clinic.client(.reviewer, of: self.reviewerStaff),
            dispenser: try await self.clinic.client(.pharmacist, of: self.dispenserStaff),
            reviewerStaff: self.reviewerStaff, dispenserStaff: self.dispenserStaff, checkerStaff: self.checkerStaff,
            scale: self.scale)
    }

    /// Hands a draft in that is ready for review; gives its id.
    func submit(_ draft: Draft, by doctor: TestClient? = nil) async throws -> JSONValue {
        let handedIn = draft.woman(36, pregnant: "no").handedIn(self.clinic.woman)
        let reply = try await (doctor ?? self.clinic.doctor).call("decoction.prescription.submit", handedIn.json)
        #expect(reply["state"] == "readyForReview", "\(reply)")
        return try #require(reply["prescriptionId"])
    }

    func submit(_ pieces: (String, Int64)..., doses: Int64 = 3) async throws -> JSONValue {
        let lines = pieces.map { ["code": .string(Clinic.code($0.0)), "perDoseMg": .integer($0.1)] as JSONValue }
        return try await self.submit(
            Draft(self.clinic).with("pieces", .array(lines)).with("doses", .integer(doses)))
    }

    static func approval(_ id: JSONValue) -> JSONValue { ["prescriptionId": id, "decision": "approve"] }

    @discardableResult
    func approve(_ id: JSONValue) async throws -> JSONValue {
        try await self.reviewer.call("decoction.prescription.review", Self.approval(id))
    }

    /// What lots lie under a reservation: lot and quantity, in order.
    func reserve(_ id: JSONValue) async throws -> [Moved] {
        try #require(try await self.approve(id)["reservations"]?.arrayValue).map { try Moved($0) }
    }

    func weighing(_ piece: String, dose: Int64, _ net: Int64, scale: String? = nil) -> JSONValue {
        [
            "dose": .integer(dose), "pieceCode": .string(Clinic.code(piece)), "scaleId": .string(scale ?? self.scale),
            "grossMg": .integer(net + 12_000), "tareMg": 12_000,
        ]
    }

    /// Every piece of every dose, with so much of it.
    func weighings(_ pieces: (String, Int64)..., doses: Int64 = 3) -> [JSONValue] {
        (1...doses).flatMap { dose in pieces.map { self.weighing($0.0, dose: dose, $0.1) } }
    }

    func dispensing(_ id: JSONValue, _ weighings: [JSONValue], checker: String? = nil) -> JSONValue {
        [
            "prescriptionId": id, "weighings": .array(weighings),
            "checkedByStaffId": .string(checker ?? self.checkerStaff),
        ]
    }

    @discardableResult
    func dispense(_ id: JSONValue, _ weighings: [JSONValue]) async throws -> JSONValue {
        try await self.dispenser.call("decoction.prescription.dispense", self.dispensing(id, weighings))
    }

    func refusal(
        dispensing id: JSONValue, _ weighings: [JSONValue], checker: String? = nil, by client: TestClient? = nil
    )
        async throws -> CallRefused
    {
        try await self.clinic.refusal(
            "decoction.prescription.dispense", self.dispensing(id, weighings, checker: checker),
            by: client ?? self.dispenser)
    }

    func state(_ id: JSONValue) async throws -> JSONValue? {
        try await self.reviewer.call("decoction.prescription.get", ["prescriptionId": id])["state"]
    }

    /// What is reserved of each lot, as `decoction.stock.list` says, lots without any left out.
    func reserved() async throws -> [String: Int64] {
        let lots = try await self.dispenser.call("decoction.stock.list", ["limit": 500])["lots"]?.arrayValue ?? []
        return Dictionary(
            uniqueKeysWithValues: lots.map { ($0["lotId"]?.stringValue ?? "", $0["reservedMg"]?.integerValue ?? -1) }
        ).filter { $0.value != 0 }
    }

    /// The ledger adds up: moves and balances, reservations and what is kept back.
    func expectSound() async throws {
        let report = try await self.dispenser.call("decoction.ledger.verify")
        #expect(report["ok"] == true, "\(report)")
        #expect(try self.pharmacy.wrongLots().isEmpty)
        #expect(
            try self.host.sql(
                """
                SELECT lot_id FROM decoction.lot WHERE reserved_mg < 0 OR on_hand_mg < placed_mg + reserved_mg
                    OR reserved_mg + (SELECT coalesce(sum(reserved_mg), 0) FROM decoction.holding AS h
                        WHERE h.site_id = lot.site_id AND h.lot_id = lot.lot_id)
                    <> (SELECT coalesce(sum(quantity_mg), 0) FROM decoction.reservation AS r
                        WHERE r.site_id = lot.site_id AND r.lot_id = lot.lot_id AND r.released_at IS NULL)
                """
            ).isEmpty)
    }
}

extension Clinic {
    /// A client of a new account that belongs to a member of staff.
    func client(_ role: Role, of staff: String) async throws -> TestClient {
        let client = try await self.host.client(role: role, site: "t1")
        try self.host.script("UPDATE host.account SET staff_id = '\(staff)' WHERE account = '\(client.account)'")
        try self.host.core.reloadDirectory()
        return client
    }
}
