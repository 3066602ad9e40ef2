import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What the values of the rule table may be: a value that traps would end the host for every site.
struct RuleBoundsTests {
    private static func revision(_ key: RuleKey, _ value: String, from day: String = "2026-11-23") -> JSONValue {
        [
            "rule": .string(key.rule), "parameter": .string(key.parameter), "value": .string(value),
            "validFrom": .string(day), "source": "药事委员会决议", "reviewer": "主任中药师",
        ]
    }

    /// The bounds of the numbers that are shipped.
    private static func shipped() throws -> [RuleKey: ClosedRange<Int64>] {
        let keys = Set(try DataFilesOfTests.rules().map(\.key))
        return PharmacyRules.bounds.numbers.filter { keys.contains($0.key) }
    }

    private static func book(_ changed: [RuleKey: String]) throws -> RuleBook {
        PharmacyRules.book(
            try DataFilesOfTests.rules().map { line in
                let key = line.key
                return RuleBook.Entry(
                    key: key, value: changed[key] ?? line.value, tighter: line.tighter, validFrom: line.validFrom,
                    version: line.version, revision: 0, siteRevision: 0)
            })
    }

    @Test("every shipped value has bounds, lies within them, and no pair is inverted")
    func everyValueHasBounds() throws {
        let book = try DataFilesOfTests.book()
        for line in try DataFilesOfTests.rules() {
            let key = line.key
            let limit = try #require(PharmacyRules.bounds.limits[key], "\(key.rule) \(key.parameter) has no bounds")
            #expect(limit.allows(line.value), "\(key.rule) \(key.parameter)")
            switch limit {
            case .number: #expect(!RuleLine.wordUnits.contains(line.unit), "\(key.parameter)")
            case .code, .names: #expect(RuleLine.wordUnits.contains(line.unit), "\(key.parameter)")
            }
        }
        for pair in PharmacyRules.bounds.pairs {
            #expect(throws: Never.self) { try book.number(pair.least) <= book.number(pair.greatest) }
            for key in [pair.least, pair.greatest] { #expect(PharmacyRules.bounds.numbers[key] != nil) }
        }
        for key in RuleKey.named { #expect(PharmacyRules.bounds.limits[key] != nil, "\(key.rule) \(key.parameter)") }
    }

    @Test(
        "C1: a stored value out of bounds, or a pair that is inverted, is a fault that names it, and no end of the process"
    )
    func storedNonsenseIsRefused() throws {
        for (key, value, why) in [
            (RuleKey.poppyDoseMinMg, "999999999", "outOfBounds"), (.poppyDoseMinMg, "7000", "pairInverted"),
            (.humidityMinPercent, "80", "pairInverted"), (.pregnancyAgeFrom, "56", "pairInverted"),
            (.boilOffMlPerMinute, "999999999", "outOfBounds"), (.reservationHours, "999999999", "outOfBounds"),
            (.overdoseFactor, "0", "outOfBounds"), (.summerFromMonth, "13", "outOfBounds"),
        ] {
            let book = try Self.book([key: value])
            let fault = #expect(throws: Fault.self) { try book.number(key) }
            #expect(fault?.kind == RuleFault.ruleUnusable && fault?.details?["why"] == .string(why), "\(key.parameter)")
            #expect(fault?.details?["parameter"] == .string(key.parameter))
        }
        #expect(throws: Fault.self) { try ClimateLimits(.normal, Self.book([.humidityMinPercent: "80"])) }
        #expect(throws: Fault.self) {
            try PrescriptionCheck.findings(
                on: TestCase.of([("罂粟壳", 4000), ("麻黄", 6000)], rules: Self.book([.poppyDoseMinMg: "7000"])))
        }
    }

    @Test(
        "with every value at its least, and with every value at its greatest, whatever reads them answers without a trap"
    )
    func extremesAreReckonedWith() async throws {
        for end in ["least", "most"] {
            let dispensary = try await Dispensary.open()
            let clinic = dispensary.clinic
            try clinic.shelve("麻黄", "雄黄", "桂枝")
            for (number, (key, range)) in try Self.shipped().enumerated() {
                let value = end == "least" ? range.lowerBound : range.upperBound
                try dispensary.host.script(
                    """
                    INSERT INTO decoction.rule (rule, parameter, version, revision, value, unit, tighter, is_national, source,
                        confidence, reviewer, valid_from, summary_zh, summary_en, recorded_at, recorded_by)
                    SELECT rule, parameter, version, \(900 + number), '\(value)', unit, tighter, is_national, source, confidence,
                        reviewer, '2026-11-22', summary_zh, summary_en, now(), gen_random_uuid()
                    FROM decoction.rule WHERE rule = '\(key.rule)' AND parameter = '\(key.parameter)'
                    """)
            }
            let lot = try #require(
                try await dispensary.dispenser.call(
                    "decoction.stock.list", ["pieceCode": .string(Clinic.code("麻黄"))])["lots"]?[0]?["lotId"])
            let draft = Draft(clinic).of(("麻黄", 6_000), ("罂粟壳", 4_000)).with("doses", 1).woman(30)
            var id: JSONValue?
            let calls: [(String, JSONValue, TestClient)] = [
                ("decoction.prescription.check", draft.json, clinic.doctor),
                ("decoction.prescription.check", draft.with("kind", "longTerm").with("doses", 400).json, clinic.doctor),
                ("decoction.prescription.submit", draft.handedIn(clinic.woman).json, clinic.doctor),
                ("decoction.rules.list", [:], clinic.doctor),
                ("decoction.care.due", [:], dispensary.dispenser),
                (
                    "decoction.care.record", ["lotId": lot, "kind": "inspection", "finding": "good"],
                    dispensary.dispenser
                ),
                (
                    "decoction.climate.record", ["celsiusTenths": 200, "humidityTenths": 500, "action": "通风"],
                    dispensary.dispenser
                ),
                (
                    "decoction.climate.missing", ["from": "2026-11-01", "to": "2026-11-22"], dispensary.dispenser
                ),
                ("decoction.stocktake.start", [:], dispensary.dispenser),
                ("decoction.stocktake.due", [:], dispensary.dispenser),
                ("decoction.price.list", [:], dispensary.dispenser), ("decoction.board.get", [:], dispensary.dispenser),
                ("decoction.spotCheck.due", [:], dispensary.dispenser),
                ("decoction.transit.list", [:], dispensary.dispenser),
                (
                    "decoction.price.set",
                    ["pieceCode": .string(Clinic.code("麻黄")), "priceFenPerKg": 100, "reason": "定价"],
                    dispensary.dispenser
                ),
                ("decoction.supervision.record", ["passed": true, "findings": "合格"], dispensary.reviewer),
            ]
            for (method, params, client) in calls { await Self.expectNoTrap(method, params, client, end) }
            let simple = Draft(clinic).of(("麻黄", 3_000)).with("doses", 1).woman(36, pregnant: "no")
            let reply = try await clinic.doctor.call(
                "decoction.prescription.submit", simple.handedIn(clinic.woman).json)
            id = reply["prescriptionId"]
            let prescription = try #require(id)
            if reply["state"] == "readyForReview" {
                await Self.expectNoTrap(
                    "decoction.prescription.review", Dispensary.approval(prescription), dispensary.reviewer, end)
                await Self.expectNoTrap(
                    "decoction.prescription.dispense",
                    dispensary.dispensing(prescription, dispensary.weighings(("麻黄", 3_000), doses: 1)),
                    dispensary.dispenser, end)
                let machine = try await dispensary.dispenser.call(
                    "decoction.machine.create", ["code": "JY01", "nameZh": "煎药机", "kind": "machine", "use": "internal"])
                await Self.expectNoTrap(
                    "decoction.job.start",
                    ["prescriptionId": prescription, "machineId": machine["machineId"] ?? .null],
                    dispensary.dispenser, end)
            }
            // The boiling of everything by every kind, as far as a prescription goes.
            let book = try Self.book(
                PharmacyRules.bounds.numbers.mapValues { String(end == "least" ? $0.lowerBound : $0.upperBound) })
            for kind in BoilingKind.allCases {
                let line = BoiledPrescription.Line(
                    code: "XLYP0001", nameZh: "麻黄", baseMaterial: "水牛角", category: "解表药", perDoseMg: 80_000_000,
                    written: .first, usual: .first, toxicity: .toxic, isToxic28: true, controlClass: .toxic, notes: "")
                let boiled = BoiledPrescription(
                    id: Sample.document, patient: Sample.document, state: .dispensed, kind: .emergency, use: .oral,
                    doses: 400, ageYears: 1, lines: [line])
                let plan = try BoilingPlan(boiled, kind: kind, rules: book)
                #expect(plan.waterFirstMl >= 0 && plan.waterSecondMl >= 0 && plan.waterFirstMl <= 1_000_000_000)
                #expect(throws: Never.self) {
                    try BoilingInstructions(prescription: boiled, plan: plan, rules: book, start: Pharmacy.now).all()
                }
            }
        }
    }

    /// Anything but the host's own failure is an answer.
    private static func expectNoTrap(_ method: String, _ params: JSONValue, _ client: TestClient, _ end: String) async {
        do {
            _ = try await client.call(method, params)
        } catch let refused as CallRefused {
            #expect(
                !["host.internal", "host.invalidParams"].contains(refused.reason),
                "\(method) with every value at its \(end)")
            #expect(refused.reason != "decoction.ruleUnusable", "\(method) with every value at its \(end)")
        } catch {
            Issue.record("\(method) with every value at its \(end): \(error)")
        }
    }

    @Test("no revision goes beyond the bounds, whoever makes it: below, above, and with nine digits")
    func revisionsStayWithin() async throws {
        let pharmacy = try await Pharmacy.open()
        let bureau = try await pharmacy.host.client(role: .siteAdmin, site: "county")
        let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
        for (key, range) in try Self.shipped() {
            let beyond = [range.lowerBound - 1, range.upperBound + 1, 999_999_999].filter { $0 >= 0 }
            for (value, client) in beyond.flatMap({ [($0, bureau), ($0, admin)] }) {
                let refused = try await pharmacy.refusal(
                    "decoction.rules.revise", Self.revision(key, String(value)), by: client)
                #expect(refused.reason == "host.invalidParams", "\(key.rule) \(key.parameter) \(value)")
            }
            for value in [range.lowerBound, range.upperBound] {
                do {
                    _ = try await bureau.call(
                        "decoction.rules.revise", Self.revision(key, String(value), from: "2026-12-01"))
                } catch let refused as CallRefused {
                    #expect(
                        ["decoction.ruleLoosened", "host.invalidParams"].contains(refused.reason), "\(key.parameter)")
                }
            }
        }
        // Whatever was accepted, in whatever order, is a table that can be read.
        let rows = try pharmacy.host.sql(
            """
            SELECT DISTINCT ON (rule, parameter) rule, parameter, value FROM decoction.rule WHERE valid_from <= '2026-12-01'
            ORDER BY rule, parameter, valid_from DESC, version DESC, revision DESC
            """)
        let values = Dictionary(
            rows.compactMap { row -> (RuleKey, String)? in
                guard let rule = row[0], let parameter = row[1], let value = row[2] else { return nil }
                return (RuleKey(rule, parameter), value)
            }, uniquingKeysWith: { first, _ in first })
        let book = try Self.book(values)
        for key in try Self.shipped().keys { #expect(throws: Never.self) { try book.number(key) } }
    }

    @Test("values that belong together are revised together, at the site too: a least one never passes its greatest")
    func pairsAreRevisedTogether() async throws {
        let pharmacy = try await Pharmacy.open()
        let bureau = try await pharmacy.host.client(role: .siteAdmin, site: "county")
        let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
        for (key, value, client) in [
            (RuleKey.poppyDoseMinMg, "7000", admin), (.humidityMinPercent, "80", admin),
            (.pregnancyAgeFrom, "56", bureau),
            (RuleKey("BOILING", "toxicFirstMaxMinutes"), "1", bureau), (.sampleMaxHours, "1", admin),
        ] {
            let refused = try await pharmacy.refusal("decoction.rules.revise", Self.revision(key, value), by: client)
            #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == "/value", "\(refused)")
        }
        // The site has tightened the least humidity; its greatest one may not fall below that any more, nor before that day.
        _ = try await admin.call("decoction.rules.revise", Self.revision(.humidityMinPercent, "60", from: "2026-12-10"))
        let low = try await pharmacy.refusal(
            "decoction.rules.revise", Self.revision(.humidityMaxPercent, "55", from: "2026-12-01"), by: admin)
        #expect(low.reason == "host.invalidParams")
        #expect("\(low.details ?? .null)".contains("2026-12-10"))
        _ = try await admin.call("decoction.rules.revise", Self.revision(.humidityMaxPercent, "65", from: "2026-12-01"))
    }
}
