import People
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// PC-02: who accepts has the grade that the site's level asks for.
struct AcceptanceGradeTests {
    @Test(
        "PC-02: the least title by level",
        arguments: [
            (Site.Kind.townshipCentre, "tcmPharmacist", true), (.townshipCentre, "assistantTcmPharmacist", false),
            (.tcmHospital, "tcmPharmacist", false), (.tcmHospital, "tcmPharmacistInCharge", true),
            (.countyHospital, "associateChiefTcmPharmacist", true), (.countyHospital, "chiefPharmacist", false),
            (.other, "pharmacist", false), (.townshipCentre, "tcmPhysician", false),
        ])
    func titles(kind: Site.Kind, title: String, allowed: Bool) throws {
        #expect(try AcceptanceMustBeByGrade(kind, DataFilesOfTests.book()).allows(title) == allowed)
    }

    @Test("PC-02: at tertiary hospitals an associate chief TCM pharmacist")
    func tertiary() throws {
        let day = Pharmacy.now.localDate
        func entry(_ key: RuleKey, _ value: String) -> RuleBook.Entry {
            .init(key: key, value: value, tighter: .none, validFrom: day, version: 1, revision: 0, siteRevision: 0)
        }
        let book = PharmacyRules.book([
            entry(.hospitalLevel(.countyHospital), "tertiary"),
            entry(.acceptanceTitle(.tertiary), "associateChiefTcmPharmacist"),
        ])
        let rule = try AcceptanceMustBeByGrade(.countyHospital, book)
        #expect(rule.allows("chiefTcmPharmacist") && !rule.allows("tcmPharmacistInCharge"))
    }

    /// A pharmacist's account that is a member of staff's with the title.
    private static func pharmacist(_ clinic: Clinic, _ title: String) async throws -> (
        client: TestClient, staff: String
    ) {
        let departments = try await clinic.admin.call("people.department.list")
        let department = try #require(departments["departments"]?[0]?["departmentId"])
        let person = try await clinic.doctor.call("people.person.register", ["nameZh": "测试药师", "sex": "female"])
        let reply = try await clinic.admin.call(
            "people.staff.create",
            [
                "personId": try #require(person["personId"]), "departmentId": department, "title": .string(title),
                "rights": [],
            ])
        let staff = try #require(reply["staffId"]?.stringValue)
        return (try await Self.account(clinic, of: staff), staff)
    }

    private static func account(_ clinic: Clinic, of staff: String) async throws -> TestClient {
        let client = try await clinic.host.client(role: .pharmacist, site: "t1")
        try clinic.host.script("UPDATE host.account SET staff_id = '\(staff)' WHERE account = '\(client.account)'")
        try clinic.host.core.reloadDirectory()
        return client
    }

    @Test("PC-02: a title that is too low is refused with the one that is wanted; a decision keeps title and version")
    func judged() async throws {
        let clinic = try await Clinic.open()
        let assistant = try await Self.pharmacist(clinic, "assistantTcmPharmacist")
        let pharmacist = try await Self.pharmacist(clinic, "tcmPharmacist")
        let lot = try await clinic.pharmacy.receive(Pharmacy.mahuang, 1000)
        let params: JSONValue = ["lotId": .string(lot)]
        let refused = try await clinic.refusal("decoction.lot.accept", params, by: assistant.client)
        #expect(refused.reason == "decoction.gradeTooLow")
        #expect(refused.details?["wanted"] == "tcmPharmacist" && refused.details?["level"] == "primary")
        #expect(try await pharmacist.client.call("decoction.lot.accept", params)["state"] == "accepted")
        let trace = try await clinic.pharmacy.pharmacist.call("decoction.lot.trace", params)
        #expect(trace["decisions"]?[0]?["title"] == "tcmPharmacist")
        #expect(
            try clinic.host.sql("SELECT staff_id, rule_version FROM decoction.decision") == [
                [pharmacist.staff, "1.0"]
            ])
        // A level that is none is refused; a site may say that it has another one than its kind.
        func revision(_ value: String) -> JSONValue {
            [
                "rule": "PC-02", "parameter": "levelTownshipCentre", "value": .string(value), "validFrom": "2026-11-23",
                "source": "等级评审", "reviewer": "主任中药师",
            ]
        }
        let wrong = try await clinic.refusal("decoction.rules.revise", revision("best"), by: clinic.admin)
        #expect(wrong.reason == "host.invalidParams")
        try await clinic.admin.call("decoction.rules.revise", revision("secondary"))
        let next = try await clinic.pharmacy.receive(Pharmacy.mahuang, 1000)
        clinic.host.setClock(Pharmacy.now.adding(seconds: 43_200))
        let later = try await Self.account(clinic, of: pharmacist.staff)
        let tooLow = try await clinic.refusal("decoction.lot.accept", ["lotId": .string(next)], by: later)
        #expect(tooLow.details?["wanted"] == "tcmPharmacistInCharge" && tooLow.details?["level"] == "secondary")
    }

    @Test(
        "PC-02: one person with two accounts is one person; an account that is nobody's is not judged unless the site wants it"
    )
    func persons() async throws {
        let clinic = try await Clinic.open()
        let first = try await Self.pharmacist(clinic, "tcmPharmacistInCharge")
        let again = try await Self.account(clinic, of: first.staff)
        let lot: JSONValue = ["lotId": .string(try await clinic.pharmacy.receive(Pharmacy.chuanwu, 1000))]
        #expect(try await first.client.call("decoction.lot.accept", lot)["state"] == "awaitingSecond")
        let refused = try await clinic.refusal("decoction.lot.accept", lot, by: again)
        #expect(refused.reason == "decoction.secondPersonRequired")
        #expect(try await clinic.pharmacy.pharmacist.call("decoction.lot.accept", lot)["state"] == "accepted")

        try clinic.host.script(
            """
            INSERT INTO decoction.site_rule (
                site_id, rule, parameter, revision, value, source, reviewer, valid_from, recorded_at, recorded_by)
            SELECT site_id, 'PC-02', 'staffRequired', 1, '1', '院内规定', '主任中药师', '2026-11-22', now(), site_id
            FROM host.site WHERE code = 't1'
            """)
        let next: JSONValue = ["lotId": .string(try await clinic.pharmacy.receive(Pharmacy.mahuang, 1000))]
        let nobody = try await clinic.refusal("decoction.lot.accept", next, by: clinic.pharmacy.pharmacist)
        #expect(nobody.reason == "decoction.gradeTooLow" && nobody.details?["why"] == "staff")
        #expect(try await first.client.call("decoction.lot.accept", next)["state"] == "accepted")
    }
}
