import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Prescriptions from being handed in to being ready for review.
struct SubmissionTests {
    static let method = "decoction.prescription.submit"

    /// 甘草 and 海藻, which are incompatible.
    static func opposed(_ clinic: Clinic) -> Draft {
        Draft(clinic).of(("甘草", 3000), ("海藻", 6000)).woman(36, pregnant: "no").handedIn(clinic.woman)
    }

    static func signature(_ rule: String, _ staff: String) -> JSONValue {
        ["rule": .string(rule), "staffId": .string(staff), "reason": "既往同用有效"]
    }

    @Test(
        "what is as it should be is ready for review, and comes back whole; diagnosis and reasons are sealed"
    )
    func ready() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄", "桂枝")
        let draft = Draft(clinic).of(("桂枝", 5000), ("麻黄", 6000)).woman(36, pregnant: "no").handedIn(
            clinic.woman)
        let reply = try await clinic.doctor.call(Self.method, draft.json)
        #expect(reply["state"] == "readyForReview" && reply["stateZh"] == "待审方")
        let id = try #require(reply["prescriptionId"])
        let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id])
        #expect(
            card["diagnosis"] == "感冒" && card["syndrome"] == "风寒束表证"
                && card["patientId"] == .string(clinic.woman))
        #expect(
            card["patient"] == ["sex": "female", "ageYears": 36, "pregnant": "no", "allergies": []])
        // In the doctor's order, not in that of the codes.
        #expect(card["pieces"]?.arrayValue?.map { $0["nameZh"] } == ["桂枝", "麻黄"])
        #expect(card["findings"] == reply["findings"] && card["signatures"] == [])
        #expect(card["changes"]?.arrayValue?.map { $0["state"] } == ["readyForReview"])
        #expect(card["keepUntil"] == "2027-11-22" && card["supplyDays"] == 3)
        let dump = try clinic.host.sql("SELECT p::text FROM decoction.prescription AS p")[0][0] ?? ""
        #expect(!dump.contains("感冒") && !dump.contains("风寒") && !dump.contains("测试患者"))
        let audit = try clinic.host.sql(
            "SELECT notes FROM host.audit WHERE method = 'decoction.prescription.get' ORDER BY seq DESC LIMIT 1"
        )[0][0]
        #expect(
            audit?.contains(#""basis":"treatment""#) == true && audit?.contains(clinic.woman) == true)
        #expect(audit?.contains("感冒") == false)
        try await clinic.host.expect(
            "SELECT topic, body FROM host.event WHERE topic LIKE 'decoction.prescription.%'",
            [
                [
                    "decoction.prescription.submitted",
                    #"{"prescriptionId":"\#(id.stringValue ?? "")","state":"readyForReview"}"#,
                ]
            ])
        // Another site sees nothing of it.
        let there = try await clinic.host.client(role: .doctor, site: "t2")
        #expect(try await there.call("decoction.prescription.list")["prescriptions"] == [])
        #expect(
            try await clinic.refusal("decoction.prescription.get", ["prescriptionId": id], by: there)
                .reason
                == "host.notFound")
    }

    @Test("RX-05: it waits for the doctor's second signature, which the doctor may give at once")
    func signedAtOnce() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("甘草", "海藻")
        let waiting = try await clinic.doctor.call(Self.method, Self.opposed(clinic).json)
        #expect(waiting["state"] == "awaitingSignature")
        let signed = try await clinic.doctor.call(
            Self.method,
            Self.opposed(clinic).with("signatures", [Self.signature("RX-05", clinic.chief)]).json)
        #expect(signed["state"] == "readyForReview")
        let card = try await clinic.doctor.call(
            "decoction.prescription.get", ["prescriptionId": try #require(signed["prescriptionId"])])
        let signature = card["signatures"]?[0]
        #expect(signature?["reason"] == "既往同用有效" && signature?["ruleVersion"] == "1.0")
        #expect(
            signature?["pieces"]
                == .array([Clinic.code("甘草"), Clinic.code("海藻")].sorted().map { .string($0) }))
        // The account has no member of staff: that it is the signer's own cannot be shown.
        #expect(signature?["ownAccount"] == false)
        let dump =
            try clinic.host.sql("SELECT s::text FROM decoction.prescription_signature AS s")[0][0] ?? ""
        #expect(!dump.contains("既往"))
    }

    @Test(
        "who signs: a prescriber, for what was asked, once, from the own account; toxic pieces take another doctor"
    )
    func whoSigns() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("甘草", "海藻", "雄黄")
        let id = try #require(
            try await clinic.doctor.call(Self.method, Self.opposed(clinic).json)["prescriptionId"])
        func sign(_ rule: String, _ staff: String) -> JSONValue {
            ["prescriptionId": id, "rule": .string(rule), "staffId": .string(staff), "reason": "既往同用有效"]
        }
        let method = "decoction.prescription.sign"
        let notAsked = try await clinic.refusal(method, sign("RX-07", clinic.chief))
        #expect(
            notAsked.reason == "decoction.signatureNotAsked" && notAsked.details == ["rule": "RX-07"])
        let intern = try await clinic.refusal(method, sign("RX-05", clinic.intern))
        #expect(
            intern.reason == "decoction.signerNotEntitled"
                && intern.details?["missing"] == "tcmPrescribing")
        let stranger = try await clinic.refusal(
            method, sign("RX-05", RecordID.make(at: Pharmacy.now).description))
        #expect(stranger.details?["missing"] == "staff")
        // An account that is somebody's signs for nobody else.
        let own = try await clinic.host.client(role: .doctor, site: "t1")
        try clinic.host.script(
            "UPDATE host.account SET staff_id = '\(clinic.colleague)' WHERE account = '\(own.account)'")
        try clinic.host.core.reloadDirectory()
        #expect(
            try await clinic.refusal(method, sign("RX-05", clinic.chief), by: own).reason
                == "decoction.signatureNotOwn")
        #expect(
            try await clinic.refusal(Self.method, Self.opposed(clinic).json, by: own).reason
                == "decoction.signatureNotOwn")
        #expect(
            try await own.call(method, sign("RX-05", clinic.colleague))["state"] == "readyForReview")
        let late = try await clinic.refusal(method, sign("RX-05", clinic.chief))
        #expect(
            late.reason == "decoction.prescriptionStateConflict"
                && late.details?["state"] == "readyForReview")
        let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id])
        #expect(card["signatures"]?[0]?["ownAccount"] == true)

        // RX-09: what was prescribed the day before, once more: another doctor, with the right to toxic pieces.
        let realgar = Draft(clinic).of(("雄黄", 100)).with("doses", 2).woman(36, pregnant: "no").handedIn(
            clinic.woman)
        #expect(try await clinic.doctor.call(Self.method, realgar.json)["state"] == "readyForReview")
        for (staff, missing) in [(clinic.chief, "anotherPerson"), (clinic.junior, "toxicDrugs")] {
            let refused = try await clinic.refusal(
                Self.method, realgar.with("signatures", [Self.signature("RX-09", staff)]).json)
            #expect(
                refused.reason == "decoction.signerNotEntitled"
                    && refused.details?["missing"] == .string(missing))
        }
        let second = try await clinic.doctor.call(
            Self.method, realgar.with("signatures", [Self.signature("RX-09", clinic.colleague)]).json)
        #expect(second["state"] == "readyForReview")
    }

    @Test(
        "what no signature lifts waits for a rewrite; the former stays, withdrawn and linked, and is rewritten once"
    )
    func rewritten() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄")
        let heavy = Draft(clinic).of(("麻黄", 20_001)).woman(36, pregnant: "no").handedIn(clinic.woman)
        let former = try await clinic.doctor.call(Self.method, heavy.json)
        #expect(former["state"] == "submitted" && former["stateZh"] == "已提交，待改方")
        let id = try #require(former["prescriptionId"])
        let refused = try await clinic.refusal(
            "decoction.prescription.sign",
            ["prescriptionId": id, "rule": "RX-07", "staffId": .string(clinic.chief), "reason": "病情需要"])
        #expect(refused.reason == "decoction.signatureNotAsked")
        let light = heavy.of(("麻黄", 6000)).with("prescriptionId", id)
        let other = try await clinic.doctor.call(
            "people.person.register", ["nameZh": "另一患者", "sex": "female"])
        let swapped = try await clinic.refusal(
            "decoction.prescription.rewrite",
            light.with("patientId", try #require(other["personId"])).json)
        #expect(swapped.details?[0]?["pointer"] == "/patientId")
        let rewritten = try await clinic.doctor.call("decoction.prescription.rewrite", light.json)
        #expect(rewritten["state"] == "readyForReview")
        let new = try #require(rewritten["prescriptionId"])
        let old = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id])
        #expect(
            old["state"] == "withdrawn" && old["rewrittenBy"] == new
                && old["pieces"]?[0]?["perDoseMg"] == 20_001)
        #expect(old["changes"]?.arrayValue?.map { $0["state"] } == ["submitted", "withdrawn"])
        #expect(
            try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": new])[
                "rewrites"] == id)
        let again = try await clinic.refusal("decoction.prescription.rewrite", light.json)
        #expect(
            again.reason == "decoction.prescriptionStateConflict"
                && again.details?["state"] == "withdrawn")
        // Substitution is the doctor's: a pharmacist can neither submit nor rewrite.
        for method in [Self.method, "decoction.prescription.rewrite"] {
            let pharmacist = try await clinic.refusal(method, light.json, by: clinic.pharmacy.pharmacist)
            #expect(pharmacist.reason == "host.forbidden")
        }
    }

    @Test("an old prescription is judged by today's rules, stock and answers when it is used again")
    func reused() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄", "三棱", "甘草", "海藻")
        let draft = Draft(clinic).of(("麻黄", 6000), ("三棱", 5000)).woman(36, pregnant: "no").handedIn(
            clinic.woman
        )
        .with("doses", 7)
        let old = try #require(try await clinic.doctor.call(Self.method, draft.json)["prescriptionId"])
        let signed = Self.opposed(clinic).with("signatures", [Self.signature("RX-05", clinic.chief)])
        let other = try #require(
            try await clinic.doctor.call(Self.method, signed.json)["prescriptionId"])
        let bureau = try await clinic.host.client(role: .siteAdmin, site: "county")
        try await bureau.call(
            "decoction.rules.revise",
            [
                "rule": "RX-03", "parameter": "days", "value": "5", "validFrom": "2026-12-01",
                "source": "药事委员会决议",
                "reviewer": "主任中药师",
            ])
        clinic.host.setClock(Pharmacy.now.adding(seconds: 10 * 86_400))
        let doctor = try await clinic.host.client(role: .doctor, site: "t1")
        func reuse(_ id: JSONValue, _ more: [String: JSONValue] = [:]) async throws -> JSONValue {
            var params = more
            params["prescriptionId"] = id
            params["prescriberStaffId"] = .string(clinic.chief)
            return try await doctor.call("decoction.prescription.reuse", .object(params))
        }
        let reply = try await reuse(old)
        let found = try #require(reply["findings"]?.arrayValue)
        #expect(reply["state"] == "awaitingSignature")
        #expect(found.first { $0["rule"] == "RX-03" }?["ruleVersion"] == "1.1")
        #expect(found.contains { $0["rule"] == "RX-06" && $0["resolution"] == "askPregnancy" })
        #expect(found.contains { $0["rule"] == "RX-12" && $0["resolution"] == "notChecked" })
        #expect(!found.contains { $0["rule"] == "RX-02" })
        let card = try await doctor.call(
            "decoction.prescription.get", ["prescriptionId": try #require(reply["prescriptionId"])])
        #expect(card["reuses"] == old && card["issuedOn"] == "2026-12-02" && card["diagnosis"] == "感冒")
        // The signature is not taken over, the answers are given anew.
        let opposed = try await reuse(other, ["pregnant": "no", "allergies": []])
        #expect(opposed["state"] == "awaitingSignature")
        let findings = opposed["findings"]?.arrayValue?.filter { $0["severity"] != "info" } ?? []
        #expect(findings.map { $0["rule"] } == ["RX-05"])
    }

    @Test(
        "stock that came in, or a right that was given, shows when it is checked again; signatures hold for what they were given for"
    )
    func checkedAgain() async throws {
        let clinic = try await Clinic.open()
        let submitted = try await clinic.doctor.call(
            Self.method,
            Self.opposed(clinic).with("signatures", [Self.signature("RX-05", clinic.chief)]).json)
        #expect(submitted["state"] == "submitted")
        let id = try #require(submitted["prescriptionId"])
        try clinic.shelve("甘草", "海藻")
        let again = try await clinic.pharmacy.pharmacist.call(
            "decoction.prescription.recheck", ["prescriptionId": id])
        #expect(again["state"] == "readyForReview")
        #expect(again["findings"]?.arrayValue?.contains { $0["rule"] == "RX-14" } == false)
        let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id])
        #expect(card["checkNo"] == 2)
        #expect(card["changes"]?.arrayValue?.map { $0["state"] } == ["submitted", "readyForReview"])
        // What the first check found stays.
        let kept = try clinic.host.sql(
            "SELECT count(*) FROM decoction.prescription_finding WHERE check_no = 1 AND rule = 'RX-14'")
        #expect(kept == [["2"]])
        try await clinic.doctor.call(
            "decoction.prescription.withdraw", ["prescriptionId": id, "reason": "患者改约"])
        let late = try await clinic.refusal("decoction.prescription.recheck", ["prescriptionId": id])
        #expect(late.reason == "decoction.prescriptionStateConflict")
        let twice = try await clinic.refusal(
            "decoction.prescription.withdraw", ["prescriptionId": id, "reason": "患者改约"])
        #expect(twice.reason == "decoction.prescriptionStateConflict")
    }

    @Test(
        "without a prescriber a prescription is held up; an account that is somebody's prescribes for itself"
    )
    func prescriber() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄")
        let draft = Draft(clinic).woman(36, pregnant: "no").handedIn(clinic.woman).without(
            "prescriberStaffId")
        let nobody = try await clinic.doctor.call(Self.method, draft.json)
        #expect(nobody["state"] == "submitted")
        #expect(
            nobody["findings"]?[0]?["rule"] == "RX-01" && nobody["findings"]?[0]?["severity"] == "block")
        let own = try await clinic.host.client(role: .doctor, site: "t1")
        try clinic.host.script(
            "UPDATE host.account SET staff_id = '\(clinic.chief)' WHERE account = '\(own.account)'")
        try clinic.host.core.reloadDirectory()
        #expect(try await own.call(Self.method, draft.json)["state"] == "readyForReview")
        let unknown = try await clinic.refusal(
            Self.method,
            draft.with("patientId", .string(RecordID.make(at: Pharmacy.now).description)).json)
        #expect(unknown.reason == "host.notFound")
        #expect(try clinic.host.sql("SELECT count(*) FROM decoction.prescription") == [["2"]])
    }
}
