import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// RX-01 to RX-14 through `decoction.prescription.check`: what passes, what is warned of, what is refused.
struct RuleVerdictTests {
    static func expect(
        _ rule: String, _ clinic: Clinic, _ cases: [(what: String, draft: Draft, verdicts: [String])]
    ) async throws {
        for one in cases {
            #expect(try await clinic.verdicts(rule, one.draft) == one.verdicts, "\(rule): \(one.what)")
        }
    }

    @Test("a prescription as it should be has only its review before it, and a check changes nothing")
    func clean() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄")
        let findings = try await clinic.findings(Draft(clinic))
        #expect(findings.map { $0["rule"] } == ["RX-13"])
        #expect(findings[0]["severity"] == "info" && findings[0]["resolution"] == "notChecked")
        #expect(findings[0]["ruleVersion"] == "1.0")
        #expect(try clinic.host.sql("SELECT count(*) FROM decoction.prescription") == [["0"]])
        #expect(try clinic.host.sql("SELECT count(*) FROM decoction.movement") == [["1"]])
        // Pharmacists and reviewers check too; others may not.
        for role in [Role.pharmacist, .reviewer] {
            let client = try await clinic.host.client(role: role, site: "t1")
            #expect(
                try await client.call("decoction.prescription.check", Draft(clinic).json)["dispensable"]
                    == true)
        }
        let nurse = try await clinic.host.client(role: .nurse, site: "t1")
        #expect(
            try await clinic.refusal("decoction.prescription.check", Draft(clinic).json, by: nurse).reason
                == "host.forbidden")
        // The least that is to be said: what is lacking is said, and nothing is assumed.
        let least = try await clinic.findings(
            Draft(clinic).without("issuedOn").without("use").without("prescriberStaffId")
                .with("patient", ["sex": "male", "ageYears": 40]))
        #expect(least.map { $0["rule"] } == ["RX-01", "RX-02", "RX-04", "RX-12", "RX-13"])
        #expect(least.allSatisfy { $0["severity"] == "info" && $0["resolution"] == "notChecked" })
    }

    @Test("RX-01: the prescriber's rights, for pieces, toxic and narcotic ones")
    func prescriber() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        let stranger = RecordID.make(at: Pharmacy.now).description
        try await Self.expect(
            "RX-01", clinic,
            [
                ("all rights", draft.of(("雄黄", 50)), []),
                ("a right to pieces", draft.by(clinic.junior), []),
                ("no right", draft.by(clinic.intern), ["block"]),
                ("no right to toxic ones", draft.by(clinic.junior).of(("麻黄", 6000), ("雄黄", 50)), ["block"]),
                (
                    "no right to narcotic ones", draft.by(clinic.junior).of(("麻黄", 6000), ("罂粟壳", 3000)),
                    ["block"]
                ),
                (
                    "no right at all", draft.by(clinic.intern).of(("雄黄", 50), ("罂粟壳", 3000)),
                    ["block", "block", "block"]
                ),
                ("under the house's control", draft.by(clinic.junior).of(("制马钱子", 300)), ["warn"]),
                ("nobody of the site", draft.by(stranger), ["block"]),
                ("nobody named", draft.without("prescriberStaffId"), ["notChecked"]),
            ])
        try await clinic.admin.call(
            "people.staff.update",
            ["staffId": .string(clinic.junior), "version": 1, "leftOn": "2026-11-22"])
        // On the day after the last one, whoever asks.
        clinic.host.setClock(Pharmacy.now.adding(seconds: 86_400))
        let tomorrow = try await clinic.host.client(role: .doctor, site: "t1")
        let reply = try await tomorrow.call(
            "decoction.prescription.check", draft.by(clinic.junior).without("issuedOn").json)
        #expect(reply["findings"]?[0]?["rule"] == "RX-01" && reply["findings"]?[0]?["severity"] == "block")
    }

    @Test("RX-01: without the module of persons a check judges the rest")
    func withoutPeople() async throws {
        let pharmacy = try await Pharmacy.open()
        let doctor = try await pharmacy.host.client(role: .doctor, site: "t1")
        let staff = JSONValue.string(RecordID.make(at: Pharmacy.now).description)
        let reply = try await doctor.call(
            "decoction.prescription.check",
            [
                "patient": ["sex": "male", "ageYears": 40], "patientId": staff, "doses": 3,
                "prescriberStaffId": staff,
                "pieces": [["code": "XLYP0001", "perDoseMg": 6000]],
            ])
        #expect(
            reply["findings"]?[0]?["rule"] == "RX-01"
                && reply["findings"]?[0]?["resolution"] == "notChecked")
        let refused = try await pharmacy.refusal(
            "decoction.prescription.submit",
            [
                "patient": ["sex": "male", "ageYears": 40], "patientId": staff, "doses": 3,
                "diagnosis": "感冒",
                "syndrome": "风寒束表证", "pieces": [["code": "XLYP0001", "perDoseMg": 6000]],
            ], by: doctor)
        #expect(refused.reason == "host.moduleDisabled" && refused.details?["module"] == "people")
    }

    @Test("RX-02: valid on the day of issue, with the doctor's signature to the third day")
    func validity() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        try await Self.expect(
            "RX-02", clinic,
            [
                ("today", draft, []),
                ("yesterday", draft.with("issuedOn", "2026-11-21"), ["confirm"]),
                ("the third day", draft.with("issuedOn", "2026-11-20"), ["confirm"]),
                ("the fourth day", draft.with("issuedOn", "2026-11-19"), ["block"]),
                ("tomorrow", draft.with("issuedOn", "2026-11-23"), ["block"]),
                ("no day", draft.without("issuedOn"), ["notChecked"]),
            ])
    }

    @Test(
        "RX-03: seven days, three in an emergency, longer with a reason, never long of toxic pieces")
    func supply() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        let long = draft.with("kind", "longTerm").with("kindReason", "慢性病")
        let emergency = draft.with("kind", "emergency")
        try await Self.expect(
            "RX-03", clinic,
            [
                ("7 days", draft.with("doses", 7), []), ("8 days", draft.with("doses", 8), ["confirm"]),
                ("15 doses, 2 a day", draft.with("doses", 15).with("dosesPerDay", 2), ["confirm"]),
                ("14 doses, 2 a day", draft.with("doses", 14).with("dosesPerDay", 2), []),
                ("3 days in an emergency", emergency, []),
                ("4 days in an emergency", emergency.with("doses", 4), ["confirm"]),
                ("4 weeks with a reason", long.with("doses", 28), ["warn"]),
                ("4 weeks without one", long.with("doses", 28).without("kindReason"), ["confirm"]),
                ("29 days with a reason", long.with("doses", 29), ["confirm"]),
                ("12 weeks", long.with("doses", 84), ["confirm"]),
                ("85 days", long.with("doses", 85), ["block"]),
                ("8 days of a toxic piece", long.of(("麻黄", 6000), ("雄黄", 50)).with("doses", 8), ["block"]),
                ("8 days of poppy husk", long.of(("麻黄", 6000), ("罂粟壳", 3000)).with("doses", 8), ["block"]),
            ])
    }

    @Test(
        "RX-04: special boiling is noted; a line without weight, a prescription without pieces or doses are no prescription"
    )
    func writing() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        func aconite(_ cooking: JSONValue) -> Draft {
            draft.with(
                "pieces", [["code": .string(Clinic.code("黑顺片")), "perDoseMg": 6000, "cooking": cooking]])
        }
        try await Self.expect(
            "RX-04", clinic,
            [
                ("noted", aconite("first"), []), ("not noted", aconite(.null), ["warn"]),
                ("noted wrongly", aconite("last"), ["warn"]), ("noted as none", aconite("none"), ["warn"]),
                ("outwardly", aconite(.null).with("use", "external"), []),
                ("no use", draft.without("use"), ["notChecked"]),
                ("age of the record", draft.woman(20).with("patientId", .string(clinic.woman)), ["warn"]),
                ("sex of the record", draft.with("patientId", .string(clinic.woman)), ["warn"]),
                ("as in the record", draft.woman(36).with("patientId", .string(clinic.woman)), []),
            ])
        for (wrong, pointer) in [
            (draft.with("pieces", []), "/pieces"), (draft.with("doses", 0), "/doses"),
            (draft.of(("麻黄", 0)), "/pieces/0/perDoseMg"),
            (draft.with("pieces", [["perDoseMg": 6000]]), "/pieces/0"),
            (
                draft.with("pieces", [["code": "XLYP0001", "nameZh": "麻黄", "perDoseMg": 6000]]), "/pieces/0"
            ),
        ] {
            let refused = try await clinic.refusal("decoction.prescription.check", wrong.json)
            #expect(
                refused.reason == "host.invalidParams"
                    && refused.details?[0]?["pointer"] == .string(pointer))
        }
        let unknown = try await clinic.refusal(
            "decoction.prescription.check",
            draft.with("pieces", [["code": "XLYP9999", "perDoseMg": 6000]]).json)
        #expect(
            unknown.reason == "decoction.pieceUnknown" && unknown.details == [["pieceCode": "XLYP9999"]])
    }

    @Test("RX-06: forbidden and cautioned pieces; where nobody knows, a woman of 12 to 55 is asked")
    func pregnancy() async throws {
        let clinic = try await Clinic.open()
        let forbidden = Draft(clinic).of(("麻黄", 6000), ("三棱", 5000))
        let caution = Draft(clinic).of(("麻黄", 6000), ("桂枝", 5000))
        let both = Draft(clinic).of(("桂枝", 5000), ("三棱", 5000))
        try await Self.expect(
            "RX-06", clinic,
            [
                ("a man", forbidden, []), ("not pregnant", forbidden.woman(30, pregnant: "no"), []),
                ("pregnant, forbidden", forbidden.woman(30, pregnant: "yes"), ["block"]),
                ("pregnant, caution", caution.woman(30, pregnant: "yes"), ["warn"]),
                ("pregnant, both", both.woman(30, pregnant: "yes"), ["warn", "block"]),
                ("pregnant, neither", Draft(clinic).woman(30, pregnant: "yes"), []),
                ("unknown, forbidden", forbidden.woman(30), ["confirm"]),
                ("said to be unknown", forbidden.woman(30, pregnant: "unknown"), ["confirm"]),
                ("unknown, caution", caution.woman(30), ["warn"]),
                ("unknown, neither", Draft(clinic).woman(30), []),
                ("11 years", forbidden.woman(11), []), ("12 years", forbidden.woman(12), ["confirm"]),
                ("55 years", forbidden.woman(55), ["confirm"]), ("56 years", forbidden.woman(56), []),
                ("pregnant at 56", forbidden.woman(56, pregnant: "yes"), ["block"]),
                (
                    "sex unknown",
                    forbidden.with("patient", ["sex": "unknown", "ageYears": 30, "allergies": []]),
                    ["confirm"]
                ),
            ])
        let asked = try await clinic.findings(forbidden.woman(30)).first { $0["rule"] == "RX-06" }
        #expect(asked?["resolution"] == "askPregnancy")
    }
}
