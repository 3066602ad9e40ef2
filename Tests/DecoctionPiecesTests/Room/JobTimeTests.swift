import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Least minutes, limits and volumes, to the second.
struct JobTimeTests {
    /// What is boiled, and after how many minutes it may leave soaking and both boilings.
    struct Sort: Sendable, CustomTestStringConvertible {
        let pieces: [String]
        let kind: String
        let first: Int
        let second: Int
        var testDescription: String { self.pieces.joined() }
    }

    static let sorts = [
        Sort(pieces: ["川芎"], kind: "ordinary", first: 20, second: 15),
        Sort(pieces: ["麻黄"], kind: "exterior", first: 15, second: 10),
        Sort(pieces: ["党参"], kind: "tonic", first: 40, second: 35),
        // Boiled first: ten minutes before the others; toxic ones thirty, buffalo horn three hours.
        Sort(pieces: ["川芎", "牡蛎"], kind: "ordinary", first: 30, second: 15),
        Sort(pieces: ["川芎", "黑顺片"], kind: "ordinary", first: 50, second: 15),
        Sort(pieces: ["川芎", "水牛角"], kind: "ordinary", first: 200, second: 15),
    ]

    @Test(
        "8.5: a second before the least minutes it is refused with the earliest time, then it is taken",
        arguments: sorts)
    func edges(sort: Sort) async throws {
        var kitchen = try await Kitchen.open()
        for piece in sort.pieces { try kitchen.clinic.shelve(piece) }
        let machine = try await kitchen.machine("1")
        let prescription = try await kitchen.dispensed { draft in
            draft.with(
                "pieces",
                .array(
                    sort.pieces.enumerated().map { index, name in
                        ["code": .string(Clinic.code(name)), "perDoseMg": index == 0 ? 9000 : 3000]
                    }))
        }
        let card = try await kitchen.start(prescription, in: machine)
        let job = try #require(card["jobId"]?.stringValue)
        #expect(card["plan"]?["kind"] == .string(sort.kind) && card["plan"]?["ruleVersion"] == "1.0")
        try await kitchen.advance(job, "checked")
        try await kitchen.advance(job, "soaking")
        var now = Pharmacy.now
        for (to, minutes) in [("boiling1", 30), ("boiling2", sort.first), ("packed", sort.second)] {
            let earliest = now.adding(seconds: Int64(minutes) * 60)
            kitchen = try await kitchen.at(earliest.adding(seconds: -1))
            let early = try await kitchen.refusal(advance: job, to)
            #expect(early.reason == "decoction.tooEarly")
            #expect(early.details?["earliestAt"] == .string(earliest.description))
            #expect(early.details?["to"] == .string(to))
            kitchen = try await kitchen.at(earliest)
            try await kitchen.advance(job, to)
            now = earliest
        }
        #expect(try kitchen.state(of: machine) == "dirty")
        try await kitchen.advance(job, "labelled")
        try await kitchen.advance(job, "handedOver")
        let done = try await kitchen.pharmacist.call("decoction.job.get", ["jobId": .string(job)])
        #expect(
            done["steps"]?.arrayValue?.compactMap { $0["state"]?.stringValue } == [
                "received", "checked", "soaking", "boiling1", "boiling2", "packed", "labelled", "handedOver",
            ])
        #expect(done["steps"]?[7]?["receivedBy"] == "测试领药人" && done["endedAt"] == .string(now.description))
    }

    @Test("8.5: packed two hours after boiling without a reason; a second later with one alone; boiled long is noted")
    func limits() async throws {
        var kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let job = try #require(
            try await kitchen.start(kitchen.dispensed(), in: machine)["jobId"]?.stringValue)
        try kitchen.put(job, "soaking")
        let first = try await kitchen.advance(job, "boiling1")
        #expect(first["latestAt"] == .string(Pharmacy.now.adding(seconds: 20 * 60).description))
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 20 * 60 + 1))
        let long = try await kitchen.advance(job, "boiling2")
        #expect(long["deviations"] == ["boiledLong"])
        let began = Pharmacy.now.adding(seconds: 20 * 60 + 1)
        // The second boiling lasts 15 minutes at the most; two hours later it is packed.
        let latest = began.adding(seconds: 135 * 60)
        #expect(long["latestAt"] == .string(latest.description))
        kitchen = try await kitchen.at(latest.adding(seconds: 1))
        let late = try await kitchen.refusal(advance: job, "packed")
        #expect(late.reason == "decoction.reasonRequired" && late.details?["deviations"] == ["packedLate"])
        let packed = try await kitchen.advance(job, "packed", reason: "包装机故障")
        #expect(packed["deviations"] == ["packedLate"])
        #expect(packed["sampleId"]?.stringValue != nil)
    }

    @Test(
        "8.5: 400 to 600 ml a dose for adults, 100 to 300 for children; outside of it with a reason",
        arguments: [(36, 1200, 1800), (14, 1200, 1800), (13, 300, 900)])
    func volumes(age: Int64, least: Int64, most: Int64) async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let prescription = try await kitchen.dispensed()
        // The age that counts is the one on the prescription.
        try kitchen.host.script("UPDATE decoction.prescription SET age_years = \(age)")
        let card = try await kitchen.start(prescription, in: machine)
        let job = try #require(card["jobId"]?.stringValue)
        #expect(card["plan"]?["volumeMinMl"] == .integer(least) && card["plan"]?["volumeMaxMl"] == .integer(most))
        #expect(card["plan"]?["bags"] == 6)
        for (volume, deviation) in [(least - 1, "volumeLow"), (least, nil), (most, nil), (most + 1, "volumeHigh")] {
            try kitchen.host.script(
                "DELETE FROM decoction.sample; DELETE FROM decoction.job_step WHERE state <> 'received'")
            try kitchen.put(job, "boiling2")
            if let deviation {
                let refused = try await kitchen.refusal(advance: job, "packed", volumeMl: volume)
                #expect(refused.reason == "decoction.reasonRequired")
                #expect(refused.details?["deviations"] == [.string(deviation)])
                #expect(refused.details?["volumeMinMl"] == .integer(least))
                let reply = try await kitchen.advance(job, "packed", volumeMl: volume, reason: "医嘱浓煎")
                #expect(reply["deviations"] == [.string(deviation)])
            } else {
                #expect(try await kitchen.advance(job, "packed", volumeMl: volume)["deviations"] == [])
            }
        }
        // A volume is told when it is packed, and a name when it is handed over, and not before.
        for params: JSONValue in [
            ["jobId": .string(job), "to": "packed"], ["jobId": .string(job), "to": "labelled", "volumeMl": 1500],
            ["jobId": .string(job), "to": "handedOver"],
            ["jobId": .string(job), "to": "labelled", "receivedBy": "测试领药人"],
        ] {
            #expect(try await kitchen.refusal("decoction.job.advance", params).reason == "host.invalidParams")
        }
    }

    @Test("a job keeps the minutes of the day on which it began; a later revision holds for the next one")
    func revised() async throws {
        var kitchen = try await Kitchen.open()
        let bureau = try await kitchen.host.client(role: .siteAdmin, site: "county")
        let (one, two) = (try await kitchen.machine("1"), try await kitchen.machine("2"))
        let (first, second) = (try await kitchen.dispensed(), try await kitchen.dispensed())
        let job = try #require(try await kitchen.start(first, in: one)["jobId"]?.stringValue)
        try await bureau.call(
            "decoction.rules.revise",
            [
                "rule": "BOILING", "parameter": "soakMinutes", "value": "45", "validFrom": "2026-11-23",
                "source": "药事委员会决议", "reviewer": "主任中药师",
            ])
        let tomorrow = Pharmacy.now.adding(seconds: 86_400)
        kitchen = try await kitchen.at(tomorrow)
        for (card, version, minutes) in [
            (try await kitchen.pharmacist.call("decoction.job.get", ["jobId": .string(job)]), "1.0", Int64(30)),
            (try await kitchen.start(second, in: two), "1.1", 45),
        ] {
            let id = try #require(card["jobId"]?.stringValue)
            #expect(card["plan"]?["ruleVersion"] == .string(version))
            try await kitchen.advance(id, "checked")
            let soaking = try await kitchen.advance(id, "soaking")
            #expect(soaking["earliestAt"] == .string(tomorrow.adding(seconds: minutes * 60).description))
        }
    }
}
