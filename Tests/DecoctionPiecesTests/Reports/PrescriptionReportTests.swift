import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What became of prescriptions, counted.
struct PrescriptionReportTests {
    @Test(
        "handed in, approved, refused under a rule, signed over: each figure is its lines, and no line shows a patient")
    func counts() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        let pharmacy = dispensary.pharmacy
        try clinic.shelve("麻黄", "甘草", "海藻")
        let good = try await dispensary.submit(("麻黄", 6_000))
        let bad = try await dispensary.submit(("麻黄", 5_000))
        let opposed = try await clinic.doctor.call(
            "decoction.prescription.submit",
            SubmissionTests.opposed(clinic).with(
                "signatures", [SubmissionTests.signature("RX-05", clinic.chief)]
            ).json)
        try await dispensary.approve(good)
        for id in [bad, try #require(opposed["prescriptionId"])] {
            try await dispensary.reviewer.call(
                "decoction.prescription.review",
                ["prescriptionId": id, "decision": "refuse", "note": "请核对剂量"])
        }
        try await clinic.doctor.call(
            "decoction.prescription.withdraw", ["prescriptionId": bad, "reason": "患者改约"])
        let report = try await pharmacy.report("prescriptions")
        let figures = ["submitted": 3, "reviewed": 3, "approved": 1, "refused": 2, "withdrawn": 1, "signed": 1]
        for (figure, count) in figures {
            #expect(report[figure] == .integer(Int64(count)), "\(figure)")
            guard figure != "reviewed" else { continue }
            #expect(try await pharmacy.lines(figure, limit: 1).count == Int64(count), "\(figure)")
        }
        #expect(report["signers"] == [["staffId": .string(clinic.chief), "rule": "RX-05", "signed": 1]])
        let rules = report["rules"]?.arrayValue ?? []
        #expect(rules.first { $0["rule"] == "RX-05" }?["severity"] == "block")
        #expect(rules.first { $0["rule"] == "RX-05" }?["found"] == 1)
        #expect(rules.first { $0["rule"] == "RX-05" }?["refusedUnder"] == 1)
        for rule in rules {
            let filter = ["rule": try #require(rule["rule"]), "severity": try #require(rule["severity"])]
            for figure in ["found", "refusedUnder"] {
                #expect(try await pharmacy.lines(figure, filter, limit: 1).count == rule[figure]?.integerValue)
            }
            // Counted by another way: each prescription once.
            let counted = try dispensary.host.sql(
                """
                SELECT count(DISTINCT prescription_id) FROM decoction.prescription_finding
                WHERE rule = '\(rule["rule"]?.stringValue ?? "")' AND severity = '\(rule["severity"]?.stringValue ?? "")'
                """)
            #expect(counted == [[rule["found"]?.integerValue.map { String($0) }]])
        }
        let lines = try await pharmacy.report("lines", ["figure": "submitted"]).canonicalText
        #expect(!lines.contains(clinic.woman) && !lines.contains("感冒"))
        let file = try await pharmacy.export("decoction.prescriptionReport")
        for figure in [
            "submitted", "approved", "refused", "withdrawn", "signed",
        ] {
            #expect(columnSum(file, figure, decimals: 0) == report[figure]?.integerValue, "\(figure)")
        }
        #expect(
            columnSum(file, "found", decimals: 0) == rules.reduce(0) { $0 + ($1["found"]?.integerValue ?? 0) })
        #expect(!file.contains { $0.values.contains(clinic.woman) })
        #expect(try await pharmacy.report("prescriptions", ["to": "2026-11-21"])["submitted"] == 0)
    }

    @Test("a prescription belongs to the day in Shanghai on which it was handed in")
    func dayEdge() async throws {
        let opened = try await Dispensary.open()
        try opened.clinic.shelve("麻黄")
        let midnight = Timestamp.midnight("2026-12-01")
        let last = try await opened.later(Timestamp(microseconds: midnight.microseconds - 1000))
        _ = try await last.submit(Draft(last.clinic).with("issuedOn", "2026-11-30"))
        let first = try await last.later(midnight)
        _ = try await first.submit(Draft(first.clinic).with("issuedOn", "2026-12-01"))
        _ = try await first.submit(Draft(first.clinic).with("issuedOn", "2026-12-01").of(("麻黄", 5_000)))
        let november = try await first.pharmacy.report(
            "prescriptions", ["from": "2026-11-30", "to": "2026-11-30"])
        #expect(november["submitted"] == 1)
        #expect(try await first.pharmacy.report("prescriptions")["submitted"] == 2)
    }
}
