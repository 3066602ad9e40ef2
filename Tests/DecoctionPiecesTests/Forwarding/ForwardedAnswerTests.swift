import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// M12 between two pharmacies: what a patient answered goes with the prescription, and the other site judges by it too.
struct ForwardedAnswerTests {
    @Test("an answer to RX-06 and what was signed behind it hold at the pharmacy that takes the prescription over")
    func answerComesAlong() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("三棱")
        let draft = Draft(both.clinic).of(("三棱", 6_000)).woman(36).handedIn(both.clinic.woman)
        let home = try #require(
            try await both.doctor.call("decoction.prescription.submit", draft.json)["prescriptionId"])
        func sign(_ answer: String?) async throws {
            var params: [String: JSONValue] = [
                "prescriptionId": home, "rule": "RX-06", "staffId": .string(both.clinic.chief), "reason": "已询问",
            ]
            params["answer"] = answer.map { .string($0) }
            _ = try await both.doctor.call("decoction.prescription.sign", .object(params))
        }
        try await sign("yes")
        try await sign(nil)
        let made = try await both.take(both.forward(home))
        let (there, here) = (try await both.card(home), try await both.countyCard(made))
        #expect(here["signatures"] == there["signatures"])
        #expect(here["signatures"]?.arrayValue?.map { $0["answer"] } == ["yes", nil])
        let findings = (here["findings"]?.arrayValue ?? []).filter { $0["rule"] == "RX-06" }
        #expect(findings.map { $0["severity"] } == ["block"])
        try await both.approve(made)
    }

    @Test(
        "RX-14: what was withdrawn behind its handing in is a finding of the check by an answer, and of the one that takes it over"
    )
    func withdrawnMeanwhile() async throws {
        let both = try await TwoPharmacies.open()
        try both.shelve("三棱", "麻黄")
        let bureau = try await both.host.client(role: .siteAdmin, site: "county")
        func withdraw(_ name: String) async throws {
            try await bureau.call("decoction.piece.withdraw", ["code": .string(Clinic.code(name)), "reason": "标准撤销"])
        }
        func held(_ reply: JSONValue) -> [JSONValue?] {
            (reply["findings"]?.arrayValue ?? []).filter { $0["rule"] == "RX-14" && $0["severity"] == "block" }
                .map { $0["pieces"] }
        }
        let draft = Draft(both.clinic).of(("三棱", 6_000)).woman(36).handedIn(both.clinic.woman)
        let asked = try #require(
            try await both.doctor.call("decoction.prescription.submit", draft.json)["prescriptionId"])
        let home = try await both.submit()
        let forwarding = try await both.forward(home)
        try await withdraw("三棱")
        try await withdraw("麻黄")
        let answered = try await both.doctor.call(
            "decoction.prescription.sign",
            [
                "prescriptionId": asked, "rule": "RX-06", "staffId": .string(both.clinic.chief), "reason": "已询问",
                "answer": "no",
            ])
        #expect(held(answered).contains([.string(Clinic.code("三棱"))]))
        let taken = try await both.reviewer.call("decoction.forwarded.take", TwoPharmacies.forwarding(forwarding))
        #expect(taken["dispensable"] == false && held(taken).contains([.string(Clinic.code("麻黄"))]))
    }
}
