import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// RX-07 to RX-14: doses, use, repetitions, patients and stock.
extension RuleVerdictTests {
    @Test("RX-07: the daily dose, all doses of a day and all lines of a piece together")
    func doses() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        try await Self.expect(
            "RX-07", clinic,
            [
                ("the least", draft.of(("麻黄", 2000)), []), ("below", draft.of(("麻黄", 1999)), ["info"]),
                ("the greatest", draft.of(("麻黄", 10_000)), []),
                ("above", draft.of(("麻黄", 10_001)), ["confirm"]),
                ("twice", draft.of(("麻黄", 20_000)), ["confirm"]),
                ("more than twice", draft.of(("麻黄", 20_001)), ["block"]),
                ("two doses a day", draft.of(("麻黄", 5001)).with("dosesPerDay", 2), ["confirm"]),
                ("two lines", draft.of(("麻黄", 6000), ("麻黄", 6000)), ["confirm"]),
                ("no oral dose", draft.of(("生川乌", 100)), ["notChecked"]),
                ("outwardly", draft.of(("麻黄", 90_000)).with("use", "external"), ["notChecked"]),
            ])
    }

    @Test("RX-08: what is for external use is not drunk, what is for pills is not boiled")
    func route() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        try await Self.expect(
            "RX-08", clinic,
            [
                ("boiled", draft, []), ("external, drunk", draft.of(("生川乌", 100)), ["block"]),
                ("external, outwardly", draft.of(("生川乌", 100)).with("use", "external"), []),
                ("never drunk", draft.of(("生马钱子", 100)), ["block"]),
                ("pills", draft.of(("雄黄", 50)), ["warn"]),
                ("no use written", draft.of(("生川乌", 100)).without("use"), ["block"]),
                (
                    "taken with the liquid",
                    draft.with(
                        "pieces",
                        [["code": .string(Clinic.code("朱砂粉")), "perDoseMg": 300, "cooking": "withLiquid"]]), []
                ),
            ])
    }

    @Test("RX-11: repeated pieces are warned of, and weighed together")
    func repeated() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        try await Self.expect(
            "RX-11", clinic,
            [
                ("distinct", draft.of(("麻黄", 3000), ("桂枝", 5000)), []),
                ("one twice", draft.of(("麻黄", 3000), ("麻黄", 3000)), ["warn"]),
                ("one material twice", draft.of(("麻黄", 3000), ("蜜麻黄", 3000)), ["warn"]),
                ("both", draft.of(("麻黄", 3000), ("麻黄", 3000), ("蜜麻黄", 3000)), ["warn", "warn"]),
            ])
        // Each line is within twice the range; together they are refused.
        let together = draft.of(("麻黄", 11_000), ("麻黄", 11_000))
        #expect(try await clinic.verdicts("RX-07", together) == ["block"])
        #expect(try await clinic.verdicts("RX-11", together) == ["warn"])
    }

    @Test("RX-12: allergies, age, and what is hard on liver and kidneys")
    func tolerance() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        func patient(_ age: Int64, _ allergies: JSONValue) -> JSONValue {
            ["sex": "male", "ageYears": .integer(age), "allergies": allergies]
        }
        let husk = draft.of(("麻黄", 6000), ("罂粟壳", 3000)).with("kind", "narcotic")
        let aconite = draft.of(("黑顺片", 6000))
        try await Self.expect(
            "RX-12", clinic,
            [
                ("no allergies", draft, []),
                ("not told", draft.with("patient", ["sex": "male", "ageYears": 40]), ["notChecked"]),
                ("another allergy", draft.with("patient", patient(40, ["青霉素"])), []),
                ("by name", draft.with("patient", patient(40, ["青霉素", "麻黄"])), ["warn"]),
                ("by material", draft.of(("蜜麻黄", 6000)).with("patient", patient(40, ["麻黄过敏"])), ["warn"]),
                ("liver", draft.of(("何首乌", 5000)), ["warn"]), ("kidneys", draft.of(("细辛", 2000)), ["warn"]),
                ("a child of 13", aconite.with("patient", patient(13, [])), ["warn"]),
                ("14 years", aconite.with("patient", patient(14, [])), []),
                ("64 years", aconite.with("patient", patient(64, [])), []),
                ("65 years", aconite.with("patient", patient(65, [])), ["warn"]),
                ("poppy husk for a child", husk.with("patient", patient(13, [])), ["block"]),
                ("poppy husk for an adult", husk, []),
            ])
    }

    @Test("RX-14: all of it lies accepted and unexpired at the site")
    func stock() async throws {
        let clinic = try await Clinic.open()
        let draft = Draft(clinic)
        try await Self.expect("RX-14", clinic, [("nothing there", draft, ["block"])])
        _ = try await clinic.pharmacy.stock(Pharmacy.mahuang, 17_999)
        try await Self.expect("RX-14", clinic, [("a milligram short", draft, ["block"])])
        let lot = try await clinic.pharmacy.receive(Pharmacy.mahuang, 1)
        try await Self.expect("RX-14", clinic, [("not accepted", draft, ["block"])])
        let finding = try await clinic.findings(draft).first { $0["rule"] == "RX-14" }
        #expect(
            finding?["resolution"] == "substituteByDoctor"
                && finding?["pieces"] == [.string(Pharmacy.mahuang)])
        try await clinic.pharmacy.pharmacist.call("decoction.lot.accept", ["lotId": .string(lot)])
        let substitute = draft.with(
            "pieces", [["code": "XLYP0001", "perDoseMg": 6000, "substituteFor": "XLYP0002"]])
        try await Self.expect(
            "RX-14", clinic,
            [
                ("enough to the milligram", draft, []),
                ("a fourth dose", draft.with("doses", 4), ["block"]),
                ("two lines", draft.of(("麻黄", 3000), ("麻黄", 3001)), ["block"]),
                ("the doctor's substitute", substitute, ["warn"]),
            ])
        // Another site's stock does not count.
        let there = try await clinic.host.client(role: .doctor, site: "t2")
        let reply = try await there.call(
            "decoction.prescription.check", draft.without("prescriberStaffId").json)
        #expect(
            reply["findings"]?.arrayValue?.contains { $0["rule"] == "RX-14" && $0["severity"] == "block" }
                == true)
    }
}
