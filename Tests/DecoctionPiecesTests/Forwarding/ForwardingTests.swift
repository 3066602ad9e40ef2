import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A prescription's way to the county's pharmacy and back: docs/adr/0021.
struct ForwardingTests {
    @Test(
        "RX-14 at home does not matter: sent, taken, reviewed, dispensed and handed over by the county, seen by the township"
    )
    func handedOverThere() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let home = try await both.submit()
        #expect(try await both.card(home)["state"] == "submitted")
        let forwarding = try await both.forward(home)
        func seen() async throws -> JSONValue? { try await both.card(home)["forwardings"]?[0] }
        var card = try await seen()
        #expect(card?["state"] == "sent" && card?["pharmacyState"] == nil)
        let incoming = try await both.reviewer.call("decoction.forwarded.list", ["side": "received"])["forwarded"]?[0]
        #expect(incoming?["forwardingId"] == forwarding && incoming?["siteCode"] == "t1")
        let made = try await both.take(forwarding)
        card = try await seen()
        #expect(card?["pharmacyState"] == "readyForReview" && card?["pharmacyPrescriptionId"] == made)
        let queue = try await both.reviewer.call("decoction.queue.list")["prescriptions"]?[0]
        #expect(queue?["prescriptionId"] == made && queue?["fromSite"] == "t1")
        try await both.approve(made)
        #expect(try await seen()?["pharmacyState"] == "approved")
        try await both.dispense(made)
        #expect(try await seen()?["pharmacyState"] == "dispensed")
        try await both.dispenser.call("decoction.prescription.handOver", ["prescriptionId": made])
        card = try await seen()
        #expect(card?["pharmacyState"] == "handedOver" && card?["state"] == "taken")
        #expect(try await both.card(home)["state"] == "forwarded")
        // The ledger is the county's: the township's knows nothing of it.
        let moved = try both.host.sql(
            "SELECT code, -sum(quantity_mg) FROM decoction.movement JOIN host.site USING (site_id) WHERE movement.kind = 'issue' GROUP BY 1"
        )
        #expect(moved == [["county", "18000"]])
        #expect(try both.contradictions().isEmpty)
    }

    @Test("what was found and signed where it was written comes along word by word; RX-01 is not judged anew")
    func carried() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("甘草", "海藻")
        let signature: JSONValue = [
            ["rule": "RX-05", "staffId": .string(both.clinic.chief), "reason": "既往同用有效"]
        ]
        let home = try await both.submit({ $0.of(("甘草", 3_000), ("海藻", 6_000)) }, signatures: signature)
        let forwarding = try await both.forward(home)
        let reply = try await both.reviewer.call("decoction.forwarded.take", TwoPharmacies.forwarding(forwarding))
        let made = try #require(reply["prescriptionId"])
        let (there, here) = (try await both.card(home), try await both.countyCard(made))
        for member in ["diagnosis", "syndrome", "pieces", "patient", "issuedOn", "prescriberStaffId", "keepUntil"] {
            #expect(here[member] == there[member], "\(member)")
        }
        #expect(here["signatures"] == there["signatures"] && here["signatures"]?.arrayValue?.count == 1)
        #expect(here["checkNo"] == 2)
        let findings = try #require(here["findings"]?.arrayValue)
        // The doctor is nobody of the county's staff.
        #expect(!findings.contains { $0["rule"] == "RX-01" && $0["severity"] == "block" })
        #expect(findings.contains { $0["rule"] == "RX-05" } && !findings.contains { $0["rule"] == "RX-14" })
        let kept = """
            SELECT rule, severity, rule_version, text_zh FROM decoction.prescription_finding JOIN host.site USING (site_id)
            WHERE check_no = 1 AND code =
            """
        #expect(
            try both.host.sql("\(kept) 't1' ORDER BY finding_no")
                == both.host.sql("\(kept) 'county' ORDER BY finding_no"))
        // A value is bound to its row: what came along was sealed for its new one.
        #expect(
            try both.host.sql(
                """
                SELECT count(DISTINCT diagnosis), count(DISTINCT reason) FROM decoction.prescription
                JOIN decoction.prescription_signature USING (site_id, prescription_id)
                """) == [["2", "2"]])
    }

    @Test("RX-01's finding keeps its words and its version through every check of the county")
    func prescriberFinding() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let home = try await both.submit()
        // As an older version of the rule found it.
        try both.host.script(
            """
            INSERT INTO decoction.prescription_finding
            SELECT site_id, prescription_id, 1, 90, '2026-11-22', 'RX-01', 'warn', '{}', '宜由另一名医师开具', 'Better by another',
                'consider', '0.9' FROM decoction.prescription
            """)
        let made = try await both.take(try await both.forward(home))
        try await both.approve(made)
        let card = try await both.countyCard(made)
        let carried = card["findings"]?.arrayValue?.filter { $0["rule"] == "RX-01" } ?? []
        #expect(card["checkNo"] == 3 && carried.count == 1)
        #expect(carried.first?["ruleVersion"] == "0.9" && carried.first?["textZh"] == "宜由另一名医师开具")
    }

    @Test("a refusal tells the doctor why, who writes anew or brings it home; the county signs and changes nothing")
    func refused() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("麻黄")
        let (home, _, made) = try await both.taken()
        let id: JSONValue = ["prescriptionId": made]
        let countyDoctor = try await both.host.client(role: .doctor, site: "county")
        let foreign: [(String, JSONValue)] = [
            (
                "sign",
                [
                    "prescriptionId": made, "rule": "RX-05", "staffId": .string(both.clinic.chief), "reason": "同意",
                ]
            ), ("recheck", id), ("withdraw", ["prescriptionId": made, "reason": "错"]), ("reuse", id),
            ("forward", ["prescriptionId": made, "toSite": "t1"]), ("withdrawForward", id),
        ]
        for (method, params) in foreign {
            let refused = try await both.refusal(countyDoctor, "decoction.prescription.\(method)", params)
            #expect(refused.reason == "decoction.prescriptionOfAnotherSite", "\(method)")
        }
        try await both.refuse(made, "麻黄用量请复核")
        var card = try await both.card(home)
        #expect(card["state"] == "forwarded" && card["forwardings"]?[0]?["state"] == "refused")
        #expect(card["forwardings"]?[0]?["refusal"] == "麻黄用量请复核")
        let draft = Draft(both.clinic).woman(36, pregnant: "no").handedIn(both.clinic.woman)
            .of(("麻黄", 5_000)).with("prescriptionId", home)
        let anew = try await both.doctor.call("decoction.prescription.rewrite", draft.json)
        card = try await both.card(home)
        #expect(card["state"] == "withdrawn" && card["rewrittenBy"] == anew["prescriptionId"])
        let second = try await both.forward(try #require(anew["prescriptionId"]))
        try await both.township.call(
            "decoction.prescription.withdrawForward", ["prescriptionId": try #require(anew["prescriptionId"])])
        let gone = try await both.refusal(
            both.reviewer, "decoction.forwarded.take", TwoPharmacies.forwarding(second))
        #expect(gone.reason == "decoction.forwardingStateConflict" && gone.details?["state"] == "withdrawn")
        #expect(try both.contradictions().isEmpty)
    }

    @Test("what the county's rules hold up on the day goes back to the doctor: RX-02, and RX-14 of the county's shelf")
    func heldUpThere() async throws {
        var both = try await TwoPharmacies.open()
        let first = try await both.forward(try await both.submit())
        let short = try await both.reviewer.call("decoction.forwarded.take", TwoPharmacies.forwarding(first))
        #expect(short["dispensable"] == false)
        #expect(short["findings"]?.arrayValue?.contains { $0["rule"] == "RX-14" && $0["severity"] == "block" } == true)
        let review: JSONValue = ["prescriptionId": try #require(short["prescriptionId"]), "decision": "approve"]
        let none = try await both.refusal(both.reviewer, "decoction.prescription.review", review)
        #expect(none.reason == "decoction.insufficientStock")
        try both.shelve("麻黄")
        let second = try await both.forward(try await both.submit())
        both = try await both.later(days: 5)
        let late = try await both.reviewer.call("decoction.forwarded.take", TwoPharmacies.forwarding(second))
        #expect(late["findings"]?.arrayValue?.contains { $0["rule"] == "RX-02" && $0["severity"] == "block" } == true)
        let made = try #require(late["prescriptionId"])
        let blocked = try await both.refusal(
            both.reviewer, "decoction.prescription.review", ["prescriptionId": made, "decision": "approve"])
        #expect(blocked.reason == "decoction.reviewBlocked")
        try await both.refuse(made)
        #expect(try both.contradictions().isEmpty)
    }

    @Test("only what is signed is sent: a finding that holds it up is named")
    func unsigned() async throws {
        let both = try await TwoPharmacies.open()
        let home = try await both.submit { $0.of(("甘草", 3_000), ("海藻", 6_000)) }
        let refused = try await both.refusal(
            both.doctor, "decoction.prescription.forward", TwoPharmacies.sending(home))
        #expect(refused.reason == "decoction.notForwardable")
        #expect(refused.details?.arrayValue?.contains { $0["rule"] == "RX-05" } == true)
        #expect(refused.details?.arrayValue?.contains { $0["rule"] == "RX-14" } == false)
        let nowhere = try await both.refusal(
            both.doctor, "decoction.prescription.forward",
            ["prescriptionId": try await both.submit(), "toSite": "t2"])
        #expect(nowhere.reason == "decoction.pharmacyUnknown")
    }
}
