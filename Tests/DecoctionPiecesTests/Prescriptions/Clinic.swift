import People
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A township's surgery and pharmacy on a host of its own, with its staff and a patient, for the tests of prescriptions.
struct Clinic {
    let host: TestHost
    let pharmacy: Pharmacy
    let doctor: TestClient
    let admin: TestClient
    /// May prescribe everything.
    let chief: String
    /// The same, another person.
    let colleague: String
    /// May prescribe pieces, but no toxic and no narcotic ones.
    let junior: String
    /// May prescribe nothing.
    let intern: String
    /// Born 1990-05-01.
    let woman: String

    static func open() async throws -> Clinic {
        let host = try await TestHost.start(DecoctionPiecesModule.self, PeopleModule.self)
        host.setClock(Pharmacy.now)
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        let supplier = try await pharmacist.call(
            "decoction.supplier.create", ["nameZh": "亳州某饮片有限公司", "licence": "皖20260001"])
        let pharmacy = Pharmacy(
            host: host, pharmacist: pharmacist,
            supplier: try #require(supplier["supplierId"]?.stringValue))
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        let doctor = try await host.client(role: .doctor, site: "t1")
        let department = try await admin.call(
            "people.department.create", ["code": "ZYG", "nameZh": "中医馆", "kind": "clinical"])[
                "departmentId"]
        func staff(_ name: String, _ rights: JSONValue) async throws -> String {
            let person = try await doctor.call(
                "people.person.register", ["nameZh": .string(name), "sex": "male"])
            let reply = try await admin.call(
                "people.staff.create",
                [
                    "personId": try #require(person["personId"]), "departmentId": try #require(department),
                    "title": "tcmPhysician", "rights": rights,
                ])
            return try #require(reply["staffId"]?.stringValue)
        }
        let all: JSONValue = ["tcmPrescribing", "toxicDrugs", "narcotics"]
        let woman = try await doctor.call(
            "people.person.register", ["nameZh": "测试患者", "sex": "female", "birthDate": "1990-05-01"])
        return Clinic(
            host: host, pharmacy: pharmacy, doctor: doctor, admin: admin,
            chief: try await staff("测试医师甲", all),
            colleague: try await staff("测试医师乙", all),
            junior: try await staff("测试医师丙", ["tcmPrescribing"]),
            intern: try await staff("测试医师丁", []), woman: try #require(woman["personId"]?.stringValue))
    }

    /// Puts ten kilograms of each piece on the shelf, past receiving: what is tested here is not the ledger.
    func shelve(_ names: String...) throws {
        for name in names {
            try self.host.script(
                """
                WITH lot AS (
                    INSERT INTO decoction.lot (site_id, lot_id, piece_code, supplier_id, batch_number, produced_on, expires_on,
                        unit_cost_fen_per_kg, received_mg, on_hand_mg, state, received_at, received_by,
                        received_on)
                    SELECT site_id, gen_random_uuid(), '\(Self.code(name))', supplier_id, 'B', '2026-01-01', '2028-01-01', 100,
                        10000000, 10000000, 'accepted', now(), created_by,
                        '2026-01-02'
                    FROM decoction.supplier RETURNING *
                )
                INSERT INTO decoction.movement (site_id, document_id, line_no, lot_id, piece_code, kind, quantity_mg, reason, at,
                    account_id, location_id, booked_on)
                SELECT site_id, lot_id, 1, lot_id, piece_code, 'receipt', received_mg, '', received_at, received_by, site_id,
                    received_on
                FROM lot
                """)
        }
    }

    /// The code of a piece of the catalogue.
    static func code(_ name: String) -> String { Self.codes[name] ?? "no piece \(name)" }

    private static let codes: [String: String] = {
        let pieces = (try? DataFilesOfTests.pieces()) ?? []
        return Dictionary(pieces.map { ($0.nameZh, $0.code) }) { first, _ in first }
    }()

    /// Calls a method that must be refused.
    func refusal(_ method: String, _ params: JSONValue, by client: TestClient? = nil) async throws
        -> CallRefused
    {
        try await self.pharmacy.refusal(method, params, by: client ?? self.doctor)
    }

    /// The findings of a check.
    func findings(_ draft: Draft) async throws -> [JSONValue] {
        let reply = try await self.doctor.call("decoction.prescription.check", draft.json)
        let findings = try #require(reply["findings"]?.arrayValue)
        let isHeldUp = findings.contains { $0["severity"] == "block" || $0["severity"] == "confirm" }
        #expect(reply["dispensable"] == .bool(!isHeldUp))
        return findings
    }

    /// What a rule says of a draft: severities in order, `notChecked` for what lacks an input.
    func verdicts(_ rule: String, _ draft: Draft) async throws -> [String] {
        try await self.findings(draft).filter { $0["rule"] == .string(rule) }.map {
            $0["resolution"] == "notChecked" ? "notChecked" : $0["severity"]?.stringValue ?? ""
        }
    }
}

/// A prescription in the making: what a test does not say is as it should be.
struct Draft {
    var members: [String: JSONValue]

    /// Six grams of 麻黄 a day for three days, by the chief, today, for a man of forty without allergies.
    init(_ clinic: Clinic) {
        self.members = [
            "patient": ["sex": "male", "ageYears": 40, "allergies": []], "issuedOn": "2026-11-22",
            "doses": 3,
            "use": "oral", "prescriberStaffId": .string(clinic.chief),
            "pieces": [["code": .string(Clinic.code("麻黄")), "perDoseMg": 6000]],
        ]
    }

    var json: JSONValue { .object(self.members) }

    func with(_ member: String, _ value: JSONValue) -> Draft {
        var draft = self
        draft.members[member] = value
        return draft
    }

    func without(_ member: String) -> Draft {
        var draft = self
        draft.members[member] = nil
        return draft
    }

    /// Pieces by their names in the catalogue, with milligrams in a dose.
    func of(_ pieces: (String, Int64)...) -> Draft {
        self.with(
            "pieces",
            .array(pieces.map { ["code": .string(Clinic.code($0.0)), "perDoseMg": .integer($0.1)] }))
    }

    func by(_ staff: String) -> Draft { self.with("prescriberStaffId", .string(staff)) }

    func woman(_ age: Int64, pregnant: String? = nil) -> Draft {
        var patient: [String: JSONValue] = [
            "sex": "female", "ageYears": .integer(age), "allergies": [],
        ]
        patient["pregnant"] = pregnant.map { .string($0) }
        return self.with("patient", .object(patient))
    }

    /// As it is handed in, for a patient.
    func handedIn(_ patient: String) -> Draft {
        self.with("patientId", .string(patient)).with("diagnosis", "感冒").with("syndrome", "风寒束表证")
    }
}
