import Foundation
import Testing
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What holds of the rules whatever is prescribed.
struct RulePropertyTests {
    @Test("RX-07: at every edge of every piece's range the verdict is the oracle's")
    func edges() throws {
        let rules = try DataFilesOfTests.book()
        var checked = 0
        for piece in try TestCase.everyPiece() {
            guard let range = piece.dose else { continue }
            let (low, high) = (range.lowerBound, range.upperBound)
            // Weight of a day, and what a pharmacist with the catalogue at hand would say.
            let oracle: [(Int64, String?)] = [
                (low - 1, low > 1 ? "info" : nil), (low, nil), (high, nil), (high + 1, "confirm"),
                (2 * high, "confirm"),
                (2 * high + 1, "block"),
            ]
            for (daily, verdict) in oracle where daily > 0 {
                let found = try DosesMustBeWithinTheRange.verdicts(
                    on: TestCase.of([(piece.nameZh, daily)], rules: rules))
                #expect(
                    found.map(\.severity.rawValue) == (verdict.map { [$0] } ?? []),
                    "\(piece.nameZh) \(daily) mg")
                checked += 1
            }
            for perDay in [2, 3] {
                let per = Int64(perDay)
                let found = try DosesMustBeWithinTheRange.verdicts(
                    on: TestCase.of([(piece.nameZh, high / per + 1)], dosesPerDay: perDay, rules: rules))
                let daily = (high / per + 1) * per
                #expect(
                    found.first?.severity == (daily > 2 * high ? .block : .confirm),
                    "\(piece.nameZh) × \(perDay)")
            }
        }
        #expect(checked > 4000)
    }

    @Test("the order of the pieces changes no finding; a further line takes none of the blocks away")
    func order() throws {
        var random = SeededGenerator.printed("prescriptions")
        let pieces = try TestCase.everyPiece()
        let rules = try DataFilesOfTests.book()
        let codes = Dictionary(pieces.map { ($0.nameZh, $0.code) }) { first, _ in first }
        let pairs = DataFilesOfTests.pairs.compactMap { pair -> PrescriptionCase.Pair? in
            guard let a = codes[pair.a], let b = codes[pair.b],
                let severity = Severity(rawValue: pair.severity)
            else {
                return nil
            }
            return .init(a: a, b: b, severity: severity, song: pair.rule, basis: pair.basis)
        }
        for _ in 0..<300 {
            let lines = (0..<Int.random(in: 1...14, using: &random)).map { _ in
                PrescriptionCase.Line(
                    piece: pieces.randomElement(using: &random) ?? pieces[0],
                    perDoseMg: Int64.random(in: 1...30_000, using: &random),
                    cooking: Bool.random(using: &random)
                        ? nil : Cooking.allCases.randomElement(using: &random))
            }
            var patient = PrescriptionCase.Patient(
                sex: PatientSex.allCases.randomElement(using: &random) ?? .male,
                ageYears: Int.random(in: 0...90, using: &random),
                pregnant: PregnancyAnswer.allCases.randomElement(using: &random))
            if Bool.random(using: &random) { patient.allergies = ["麻黄"] }
            let doses = Int.random(in: 1...100, using: &random)
            let perDay = Int.random(in: 1...3, using: &random)
            func findings(_ lines: [PrescriptionCase.Line]) throws -> [Finding] {
                var one = PrescriptionCase(
                    lines: lines, doses: doses, dosesPerDay: perDay, patient: patient,
                    today: Pharmacy.now.localDate,
                    rules: rules)
                let present = Set(lines.map(\.piece.code))
                one.pairs = pairs.filter { present.contains($0.a) && present.contains($0.b) }
                one.stock = [:]
                one.earlier = []
                return try PrescriptionCheck.findings(on: one)
            }
            let found = try findings(lines)
            #expect(try findings(lines.shuffled(using: &random)) == found)
            #expect(try findings(lines.reversed()) == found)
            let rulesFound = found.map(\.rule)
            #expect(rulesFound == rulesFound.sorted())
            #expect(
                found.allSatisfy { $0.ruleVersion == "1.0" && !$0.textZh.isEmpty && !$0.textEn.isEmpty })
            let added = PrescriptionCase.Line(
                piece: pieces.randomElement(using: &random) ?? pieces[0], perDoseMg: 5000)
            func blocks(_ findings: [Finding]) -> Set<String> {
                Set(findings.filter { $0.severity == .block && $0.rule != "RX-10" }.map(\.rule))
            }
            #expect(try blocks(found).isSubset(of: blocks(findings(lines + [added]))))
        }
    }

    @Test("RX-13: who reviews has the grade and does not dispense")
    func review() throws {
        var prescription = try TestCase.of([("麻黄", 6000)])
        func verdict(_ review: PrescriptionCase.Review?) throws -> Verdict? {
            prescription.review = review
            return try ReviewMustPrecedeDispensing.verdicts(on: prescription).first
        }
        #expect(try verdict(nil)?.resolution == .notChecked)
        typealias Review = PrescriptionCase.Review
        #expect(try verdict(Review(isSecondaryHospital: false))?.severity == .block)
        #expect(
            try verdict(
                Review(
                    reviewer: "a", dispenser: "a", title: "chiefTcmPharmacist", isSecondaryHospital: false))?
                .severity == .block)
        #expect(
            try verdict(Review(reviewer: "a", dispenser: "b", isSecondaryHospital: false))?.severity
                == .warn)
        #expect(
            try verdict(
                Review(reviewer: "a", dispenser: "b", title: "tcmPharmacist", isSecondaryHospital: false))
                == nil)
        #expect(
            try verdict(
                Review(reviewer: "a", dispenser: "b", title: "tcmPharmacist", isSecondaryHospital: true))?
                .severity == .block)
        #expect(
            try verdict(
                Review(
                    reviewer: "a", dispenser: "b", title: "tcmPharmacistInCharge", isSecondaryHospital: true))
                == nil)
        #expect(
            try verdict(
                Review(reviewer: "a", title: "associateChiefPharmacist", isSecondaryHospital: true)) == nil)
        #expect(
            try verdict(
                Review(reviewer: "a", title: "assistantTcmPharmacist", isSecondaryHospital: false))?
                .severity == .block)
        #expect(
            try verdict(Review(reviewer: "a", title: "chiefTcmPhysician", isSecondaryHospital: false))?
                .severity == .block)
    }

    @Test("a gap in the rule table is an error and no pass")
    func gap() throws {
        #expect(throws: Fault.self) {
            try PrescriptionCheck.findings(on: TestCase.of([("麻黄", 6000)], rules: PharmacyRules.book([])))
        }
    }

    @Test(
        "a later value of a rule is what prescriptions are judged by, and its version stands in the finding"
    )
    func laterValue() throws {
        let shipped = try DataFilesOfTests.rules().map {
            RuleBook.Entry(
                key: $0.key, value: $0.value, tighter: $0.tighter,
                validFrom: $0.validFrom,
                version: $0.version, revision: 0, siteRevision: 0)
        }
        let revised = RuleBook.Entry(
            key: .supplyDays, value: "5", tighter: .lower, validFrom: Pharmacy.now.localDate, version: 1,
            revision: 1,
            siteRevision: 0)
        let before = try PrescriptionCheck.findings(
            on: TestCase.of([("麻黄", 6000)], doses: 6, rules: PharmacyRules.book(shipped)))
        #expect(!before.contains { $0.rule == "RX-03" })
        let after = try PrescriptionCheck.findings(
            on: TestCase.of([("麻黄", 6000)], doses: 6, rules: PharmacyRules.book(shipped + [revised])))
        #expect(after.first { $0.rule == "RX-03" }?.ruleVersion == "1.1")
    }
}
