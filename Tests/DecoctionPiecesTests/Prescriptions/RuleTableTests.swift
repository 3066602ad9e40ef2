import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The rule table: what is shipped, and how it is revised.
struct RuleTableTests {
    @Test("every value that a rule reads is shipped, with version, source, reviewer and validity")
    func shipped() throws {
        let lines = try DataFilesOfTests.rules()
        let book = try DataFilesOfTests.book()
        for key in RuleKey.named { #expect(throws: Never.self) { try book.text(key) } }
        for rule in ["RX-02", "RX-03", "RX-05", "RX-06", "RX-07", "RX-09"] {
            #expect(Signer(rawValue: try book.text(.signer(of: rule))) != nil)
        }
        let rules = Set(lines.map(\.key.rule))
        for number in 1...14 { #expect(rules.contains("RX-\(number < 10 ? "0" : "")\(number)")) }
        #expect(
            rules.isSuperset(of: ["PC-01", "PC-02", "PC-03", "PC-04", "STORAGE", "STOCKTAKE", "DISPENSING", "BOILING"]))
        #expect(lines.allSatisfy { !$0.source.isEmpty && !$0.reviewer.isEmpty && $0.version == 1 })
        // Domain rules 8.2 to 8.5, number by number.
        let wanted: [(String, String, Int64)] = [
            ("RX-02", "validityDays", 1), ("RX-02", "extendedValidityDays", 3), ("RX-03", "days", 7),
            ("RX-03", "emergencyDays", 3), ("RX-03", "longDays", 28), ("RX-03", "longMaxDays", 84),
            ("RX-06", "ageFrom", 12), ("RX-06", "ageTo", 55), ("RX-07", "factor", 2), ("RX-09", "days", 2),
            ("RX-09", "retentionYears", 2), ("RX-10", "days", 3), ("RX-10", "runDays", 7), ("RX-10", "doseMinMg", 3000),
            ("RX-10", "doseMaxMg", 6000), ("RX-10", "retentionYears", 3), ("RX-13", "checkRatePercent", 100),
            ("DISPENSING", "tolerancePercent", 5), ("DISPENSING", "spotCheckPercent", 2),
            ("DISPENSING", "retentionYears", 1), ("PC-04", "markupPercent", 25), ("BOILING", "soakMinutes", 30),
            ("BOILING", "coverMinCm", 2), ("BOILING", "coverMaxCm", 5), ("BOILING", "ordinaryMinMinutes", 20),
            ("BOILING", "ordinaryMaxMinutes", 30), ("BOILING", "exteriorMinMinutes", 15),
            ("BOILING", "exteriorMaxMinutes", 20), ("BOILING", "tonicMinMinutes", 40),
            ("BOILING", "tonicMaxMinutes", 60),
            ("BOILING", "firstMinMinutes", 10), ("BOILING", "firstMaxMinutes", 15),
            ("BOILING", "toxicFirstMinMinutes", 30),
            ("BOILING", "toxicFirstMaxMinutes", 60), ("BOILING", "lastMinMinutes", 5),
            ("BOILING", "lastMaxMinutes", 10),
            ("BOILING", "adultMinMl", 400), ("BOILING", "adultMaxMl", 600), ("BOILING", "childMinMl", 100),
            ("BOILING", "childMaxMl", 300), ("BOILING", "urgentHours", 2), ("BOILING", "packHours", 2),
            ("BOILING", "residueMinPercent", 15), ("BOILING", "residueMaxPercent", 20),
            ("BOILING", "sampleMinHours", 24),
            ("BOILING", "sampleMaxHours", 48), ("STORAGE", "normalMinCelsius", 10), ("STORAGE", "normalMaxCelsius", 30),
            ("STORAGE", "coolMaxCelsius", 20), ("STORAGE", "coldMinCelsius", 2), ("STORAGE", "coldMaxCelsius", 10),
            ("STORAGE", "humidityMinPercent", 35), ("STORAGE", "humidityMaxPercent", 75), ("STORAGE", "logsPerDay", 2),
            ("STORAGE", "inspectionMonths", 3), ("STORAGE", "sensitiveInspectionMonths", 1),
            ("STORAGE", "summerInspectionDays", 14), ("STORAGE", "summerFromMonth", 5), ("STORAGE", "summerToMonth", 9),
            ("STOCKTAKE", "lossLimitPercent", 1), ("STOCKTAKE", "volatileLossLimitPercent", 2),
        ]
        for (rule, parameter, value) in wanted {
            #expect(try book.number(RuleKey(rule, parameter)) == value, "\(rule) \(parameter)")
        }
        #expect(try book.names(.withdrawnNames).count == 8)
        #expect(throws: PharmacyRules.unusable(RuleKey("RX-03", "weeks"), .missing)) {
            try book.number(RuleKey("RX-03", "weeks"))
        }
        #expect(throws: Fault.self) { try book.number(.withdrawnNames) }
    }

    @Test("doctors see every value with version, source, reviewer and validity, in pages, by rule and by day")
    func listed() async throws {
        let pharmacy = try await Pharmacy.open()
        let doctor = try await pharmacy.host.client(role: .doctor, site: "t1")
        var params: [String: JSONValue] = ["limit": 50]
        var entries: [JSONValue] = []
        repeat {
            let page = try await doctor.call("decoction.rules.list", .object(params))
            entries += page["rules"]?.arrayValue ?? []
            params["after"] = page["next"]
        } while params["after"] != nil && entries.count < 1000
        #expect(entries.count == (try DataFilesOfTests.rules().count))
        #expect(entries.allSatisfy { $0["version"] == "1.0" && $0["origin"] == "shipped" && $0["validTo"] == nil })
        let supply = try await doctor.call("decoction.rules.list", ["rule": "RX-03", "asOf": "2021-08-09"])
        #expect(
            supply["rules"]?.arrayValue?.compactMap { $0["parameter"]?.stringValue } == [
                "days", "emergencyDays", "signer",
            ])
        let later = try await doctor.call("decoction.rules.list", ["rule": "RX-03", "asOf": "2021-08-10"])
        #expect(later["rules"]?.arrayValue?.count == 5)
        #expect(later["rules"]?[0]?["reviewer"] == "待主任中药师复核")
    }

    @Test(
        "the bureau revises for the county, a site for itself; the stricter value holds, from its day on and never before"
    )
    func revised() async throws {
        let pharmacy = try await Pharmacy.open()
        let bureau = try await pharmacy.host.client(role: .siteAdmin, site: "county")
        let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
        let there = try await pharmacy.host.client(role: .siteAdmin, site: "t2")
        func revision(_ value: JSONValue, _ day: JSONValue, _ parameter: JSONValue = "days") -> JSONValue {
            [
                "rule": "RX-03", "parameter": parameter, "value": value, "validFrom": day, "source": "药事委员会决议",
                "reviewer": "主任中药师",
            ]
        }
        let county = try await bureau.call("decoction.rules.revise", revision("6", "2026-12-01"))
        #expect(county == ["rule": "RX-03", "parameter": "days", "version": "1.1", "origin": "county"])
        let site = try await admin.call("decoction.rules.revise", revision("5", "2026-12-10"))
        #expect(site["version"] == "s1" && site["origin"] == "site")
        func days(_ client: TestClient, _ day: JSONValue) async throws -> [String] {
            let page = try await client.call("decoction.rules.list", ["rule": "RX-03", "asOf": day])
            return (page["rules"]?.arrayValue ?? []).filter { $0["parameter"] == "days" }
                .compactMap { $0["value"]?.stringValue }
        }
        #expect(try await days(admin, "2026-11-30") == ["7"])
        #expect(try await days(admin, "2026-12-01") == ["6"])
        #expect(try await days(admin, "2026-12-10") == ["6", "5"])
        #expect(try await days(there, "2026-12-10") == ["6"])
        let shipped = try await there.call("decoction.rules.list", ["rule": "RX-03"])["rules"]?[0]
        #expect(shipped?["value"] == "7" && shipped?["validTo"] == "2026-11-30")

        // What would loosen, what is past, what is no number, what is not there.
        for (client, params, reason) in [
            (bureau, revision("8", "2026-12-20"), "decoction.ruleLoosened"),
            (admin, revision("7", "2026-12-20"), "decoction.ruleLoosened"),
            (bureau, revision("5", "2026-11-22"), "host.invalidParams"),
            (bureau, revision("five", "2026-12-20"), "host.invalidParams"),
            (bureau, revision("-1", "2026-12-20"), "host.invalidParams"),
            (bureau, revision("nurse", "2026-12-20", "signer"), "host.invalidParams"),
            (bureau, revision("5", "2026-12-20", "weeks"), "host.notFound"),
        ] {
            #expect(try await pharmacy.refusal("decoction.rules.revise", params, by: client).reason == reason)
        }
        // Of a list of names nothing tells which is the stricter one: it is the county's, whatever a site has written down before.
        let names: JSONValue = [
            "rule": "RX-12", "parameter": "liverMaterials", "value": "甲;乙", "validFrom": "2026-12-20",
            "source": "药事委员会决议",
            "reviewer": "主任中药师",
        ]
        let loosened = try await pharmacy.refusal("decoction.rules.revise", names, by: admin)
        #expect(loosened.reason == "decoction.ruleLoosened")
        // The county may take its own tightening back as far as the nation goes.
        #expect(try await bureau.call("decoction.rules.revise", revision("7", "2027-01-01"))["version"] == "1.2")
        let signer = try await bureau.call(
            "decoction.rules.revise", revision("secondPrescriber", "2026-12-20", "signer"))
        #expect(signer["version"] == "1.3")
        let audit = try pharmacy.host.sql(
            "SELECT count(*) FROM host.audit WHERE method = 'decoction.rules.revise' AND outcome = 'done'")
        #expect(audit == [["4"]])
    }

    @Test("of two values the stricter one holds, and the version says which revisions took part")
    func stricter() throws {
        func entry(_ value: String, _ day: Int, revision: Int = 0, site: Int = 0) -> RuleBook.Entry {
            RuleBook.Entry(
                key: .supplyDays, value: value, tighter: .lower, validFrom: LocalDate(daysSince1970: day),
                version: site == 0 ? 1 : 0, revision: revision, siteRevision: site)
        }
        let entries = [entry("7", 0), entry("6", 10, revision: 1), entry("5", 5, site: 1)]
        #expect(try PharmacyRules.book(entries).number(.supplyDays) == 5)
        #expect(PharmacyRules.book(entries).version(of: "RX-03") == "1.1-s1")
        #expect(PharmacyRules.book([entries[0]]).version(of: "RX-03") == "1.0")
        // The county has become stricter than the site meanwhile.
        let later = entries + [entry("3", 20, revision: 2)]
        #expect(try PharmacyRules.book(later).number(.supplyDays) == 3)
        #expect(try PharmacyRules.book(later.reversed()).number(.supplyDays) == 3)
        #expect(PharmacyRules.book(later).version(of: "RX-99") == nil)
    }

    @Test(
        "a malformed line refuses the file with its number",
        arguments: [
            (",7,days,", ",seven,days,"), (",7,days,", ",7,,"), (",7,days,lower,1,", ",7,days,down,1,"),
            (",7,days,lower,1,", ",7,days,lower,yes,"), (",H,待主任中药师复核,2007-05-01,,一般", ",X,待主任中药师复核,2007-05-01,,一般"),
            ("2007-05-01,,一般", "2007-13-01,,一般"), ("2007-05-01,,一般", "2007-05-01,2007-04-30,一般"),
            ("RX-03,days,1", "RX-03,days,0"), ("RX-03,days,1", "RX-03,emergencyDays,1"),
        ])
    func malformed(good: String, bad: String) throws {
        let text = String(decoding: try DataFilesOfTests.shipped("rules.csv"), as: UTF8.self)
        let line = try #require(text.split(separator: "\r\n").first { $0.hasPrefix("RX-03,days,") })
        let spoilt = line.replacing(good, with: bad)
        #expect(spoilt != line)
        #expect(throws: DataFileRefused.self) {
            try RuleFile(parsing: Array(text.replacing(line, with: spoilt).utf8), bounds: PharmacyRules.bounds)
        }
    }
}
