import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// H7: RX-02 holds at the scales too; and H8: the days of poppy husk in a row.
struct ValidityTests {
    private static let hour: Int64 = 3600

    private static func record(_ id: JSONValue, dose: Int64, _ dispensary: Dispensary) -> JSONValue {
        guard case .object(var members) = dispensary.weighing("麻黄", dose: dose, 6_000) else { return .null }
        members["prescriptionId"] = id
        return .object(members)
    }

    @Test(
        "approved on the day of issue, a prescription is not dispensed on the next one without the doctor's extension")
    func nextDay() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.approve(id)
        let later = try await dispensary.later(Pharmacy.now.adding(seconds: 20 * Self.hour))
        let weighings = later.weighings(("麻黄", 6_000))
        let refused = try await later.refusal(dispensing: id, weighings)
        #expect(refused.reason == "decoction.prescriptionExpired")
        #expect(refused.details?["validUntil"] == "2026-11-22")
        let weighed = try await later.clinic.refusal(
            "decoction.weighing.record", Self.record(id, dose: 1, later), by: later.dispenser)
        #expect(weighed.reason == "decoction.prescriptionExpired")
        // Let go, signed for and reviewed again, it is.
        _ = try await later.dispenser.call(
            "decoction.prescription.release", ["prescriptionId": id])
        let rechecked = try await later.clinic.doctor.call("decoction.prescription.recheck", ["prescriptionId": id])
        #expect(rechecked["state"] == "awaitingSignature")
        _ = try await later.clinic.doctor.call(
            "decoction.prescription.sign",
            ["prescriptionId": id, "rule": "RX-02", "staffId": .string(later.clinic.chief), "reason": "次日取药"])
        try await later.approve(id)
        try await later.dispense(id, weighings)
    }

    @Test(
        "a weighing begun on a valid day is finished after midnight, within the hours of its first weighing and no longer"
    )
    func nightShift() async throws {
        let dispensary = try await Dispensary.open()
        try dispensary.clinic.shelve("麻黄")
        let id = try await dispensary.submit(("麻黄", 6_000))
        try await dispensary.approve(id)
        _ = try await dispensary.dispenser.call("decoction.weighing.record", Self.record(id, dose: 1, dispensary))
        // Weighed again and again, the end stays where the first weighing has put it.
        let night = try await dispensary.later(Pharmacy.now.adding(seconds: 20 * Self.hour))
        _ = try await night.dispenser.call("decoction.weighing.record", Self.record(id, dose: 2, night))
        let until = try dispensary.host.sql(
            "SELECT reserved_until = '2026-11-23T14:30:00+08' FROM decoction.prescription")
        #expect(until == [["t"]])
        let over = try await dispensary.later(Pharmacy.now.adding(seconds: 24 * Self.hour))
        for dose in [1, 3] as [Int64] {
            let refused = try await over.clinic.refusal(
                "decoction.weighing.record", Self.record(id, dose: dose, over), by: over.dispenser)
            #expect(refused.reason == "decoction.prescriptionExpired")
        }
        let last = [over.weighing("麻黄", dose: 3, 6_000)]
        #expect(try await over.refusal(dispensing: id, last).reason == "decoction.prescriptionExpired")
        let inTime = try await dispensary.later(Pharmacy.now.adding(seconds: 24 * Self.hour - 60))
        try await inTime.dispense(id, last)
    }

    @Test("the days of husk in a row are the same in whichever order the visits were dated")
    func orderOfDates() {
        func day(_ offset: Int) -> LocalDate { LocalDate(daysSince1970: 20_000 + offset) }
        func run(_ earlier: [(Int, Int)], _ this: (Int, Int)) -> Int {
            PoppyHuskMustFollowTheNarcoticRules.daysInARow(
                earlier.map { (start: day($0.0), days: $0.1) }, with: (start: day(this.0), days: this.1))
        }
        #expect(run([(0, 3), (-1, 3)], (-2, 3)) == 9)
        #expect(run([(3, 3)], (0, 3)) == 6)
        #expect(run([(4, 3)], (0, 3)) == 3)
        #expect(run([(-9, 3), (9, 3)], (0, 3)) == 3)
        var generator = SeededGenerator.printed("husk")
        for _ in 0..<500 {
            let visits = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                (Int.random(in: 0...12, using: &generator), Int.random(in: 1...4, using: &generator))
            }
            let runs = visits.indices.map { index in
                run(visits.enumerated().filter { $0.offset != index }.map(\.element), visits[index])
            }
            let shuffled = visits.shuffled(using: &generator)
            #expect(
                runs.max()
                    == shuffled.indices.map { index in
                        run(shuffled.enumerated().filter { $0.offset != index }.map(\.element), shuffled[index])
                    }.max())
            #expect(runs.allSatisfy { $0 <= visits.reduce(0) { $0 + $1.1 } })
        }
    }

    @Test("three husk prescriptions of three days dated backwards are nine days in a row: the third is refused")
    func datedBackwards() async throws {
        let dispensary = try await Dispensary.open()
        let clinic = dispensary.clinic
        var states: [JSONValue?] = []
        for day in ["2026-11-22", "2026-11-21", "2026-11-20"] {
            let draft = Draft(clinic).of(("罂粟壳", 4_000), ("麻黄", 6_000)).with("kind", "narcotic")
                .with("issuedOn", .string(day)).woman(36, pregnant: "no").handedIn(clinic.woman)
            let reply = try await clinic.doctor.call("decoction.prescription.submit", draft.json)
            let run = (reply["findings"]?.arrayValue ?? []).filter {
                $0["rule"] == "RX-10" && $0["severity"] == "block"
            }
            states.append(.integer(Int64(run.count)))
        }
        #expect(states == [0, 0, 1])
    }
}
