import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// M12: what was answered to the question of RX-06 is what the prescription is judged by.
struct PregnancyAnswerTests {
    /// A piece that is forbidden in pregnancy, for a woman of 36 of whom nobody knows.
    private static func asked(_ clinic: Clinic) -> Draft {
        Draft(clinic).of(("三棱", 6_000)).woman(36).handedIn(clinic.woman)
    }

    private static func answer(_ id: JSONValue?, _ clinic: Clinic, _ answer: String?, _ reason: String = "已询问")
        -> JSONValue
    {
        var params: [String: JSONValue] = [
            "prescriptionId": id ?? .null, "rule": "RX-06", "staffId": .string(clinic.chief), "reason": .string(reason),
        ]
        params["answer"] = answer.map { .string($0) }
        return .object(params)
    }

    private static func resolutions(_ reply: JSONValue) -> [JSONValue?] {
        (reply["findings"]?.arrayValue ?? []).filter { $0["rule"] == "RX-06" }.map { $0["resolution"] }
    }

    @Test(
        "no lifts the question; yes leads to the block of a pregnant patient; who does not know needs the doctor once more"
    )
    func answers() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("三棱")
        for (answer, state, resolution) in [
            ("no", "readyForReview", nil), ("yes", "awaitingSignature", "doctorSignature"),
            ("unknown", "awaitingSignature", "doctorSignature"),
        ] as [(String, String, String?)] {
            let handedIn = try await clinic.doctor.call("decoction.prescription.submit", Self.asked(clinic).json)
            #expect(Self.resolutions(handedIn) == ["askPregnancy"])
            let id = handedIn["prescriptionId"]
            let signed = try await clinic.doctor.call(
                "decoction.prescription.sign", Self.answer(id, clinic, answer))
            #expect(signed["state"] == .string(state), "\(answer)")
            #expect(Self.resolutions(signed) == (resolution.map { [.string($0)] } ?? []), "\(answer)")
            // Whatever judges it later, it is by the answer.
            let again = try await clinic.doctor.call("decoction.prescription.recheck", ["prescriptionId": id ?? .null])
            #expect(again["state"] == .string(state), "\(answer)")
            #expect(Self.resolutions(again) == (resolution.map { [.string($0)] } ?? []), "\(answer)")
            guard resolution != nil else { continue }
            let confirmed = try await clinic.doctor.call(
                "decoction.prescription.sign", Self.answer(id, clinic, nil, "权衡利弊后使用"))
            #expect(confirmed["state"] == "readyForReview", "\(answer)")
            let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id ?? .null])
            #expect(card["signatures"]?.arrayValue?.map { $0["answer"] } == [.string(answer), nil])
        }
        let sealed = try clinic.host.sql(
            "SELECT count(*) FROM decoction.prescription_signature WHERE answer::text LIKE '%yes%'")
        #expect(sealed == [["0"]])
    }

    @Test("an answer in words alone lifts the question as before, and stays to be seen as such")
    func words() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("三棱")
        let handedIn = try await clinic.doctor.call("decoction.prescription.submit", Self.asked(clinic).json)
        let id = handedIn["prescriptionId"]
        let signed = try await clinic.doctor.call(
            "decoction.prescription.sign", Self.answer(id, clinic, nil, "已询问，否认妊娠"))
        #expect(signed["state"] == "readyForReview" && signed["findings"] == nil)
        let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id ?? .null])
        #expect(Self.resolutions(card) == ["askPregnancy"])
        #expect(card["signatures"]?[0]?["answeredByText"] == true && card["signatures"]?[0]?["answer"] == nil)
    }

    @Test("the answer may come with the prescription; it belongs to the question alone, and to no other rule")
    func handedInWithTheAnswer() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("三棱", "麻黄")
        func signatures(_ rule: String, _ answer: String) -> JSONValue {
            [["rule": .string(rule), "staffId": .string(clinic.chief), "reason": "已询问", "answer": .string(answer)]]
        }
        let no = try await clinic.doctor.call(
            "decoction.prescription.submit", Self.asked(clinic).with("signatures", signatures("RX-06", "no")).json)
        #expect(no["state"] == "readyForReview" && Self.resolutions(no).isEmpty)
        let yes = try await clinic.doctor.call(
            "decoction.prescription.submit", Self.asked(clinic).with("signatures", signatures("RX-06", "yes")).json)
        #expect(yes["state"] == "awaitingSignature" && Self.resolutions(yes) == ["doctorSignature"])
        let long = Draft(clinic).of(("麻黄", 6_000)).with("doses", 10).woman(36).handedIn(clinic.woman)
        let refused = try await clinic.refusal(
            "decoction.prescription.submit", long.with("signatures", signatures("RX-03", "no")).json)
        #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == "/answer")
    }

    @Test("the piece that another one replaces is looked up, and is another piece")
    func substitute() async throws {
        let clinic = try await Clinic.open()
        func draft(_ former: String) -> Draft {
            Draft(clinic).with(
                "pieces",
                [
                    [
                        "code": .string(Clinic.code("麻黄")), "perDoseMg": 6000, "substituteFor": .string(former),
                    ]
                ])
        }
        let unknown = try await clinic.refusal("decoction.prescription.check", draft("XLYP8888").json)
        #expect(unknown.reason == "decoction.pieceUnknown" && unknown.details?[0]?["pieceCode"] == "XLYP8888")
        let same = try await clinic.refusal("decoction.prescription.check", draft(Clinic.code("麻黄")).json)
        #expect(same.reason == "host.invalidParams")
        _ = try await clinic.findings(draft(Clinic.code("桂枝")))
    }
}
