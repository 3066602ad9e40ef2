import Synchronization
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Lists, and many who act on one prescription at once.
extension SubmissionTests {
    @Test("lists come in pages, the newest first, by patient, state and day")
    func lists() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("麻黄", "甘草", "海藻")
        let draft = Draft(clinic).woman(36, pregnant: "no").handedIn(clinic.woman)
        var ids: [JSONValue] = []
        for number in 0..<5 {
            clinic.host.setClock(Pharmacy.now.adding(seconds: Int64(number)))
            let one = number == 2 ? Self.opposed(clinic) : draft
            ids.append(
                try #require(try await clinic.doctor.call(Self.method, one.json)["prescriptionId"]))
        }
        func list(_ params: JSONValue) async throws -> [JSONValue] {
            var members = params.objectValue ?? [:]
            members["limit"] = 2
            var found: [JSONValue] = []
            repeat {
                let page = try await clinic.doctor.call("decoction.prescription.list", .object(members))
                found += page["prescriptions"]?.arrayValue ?? []
                members["after"] = page["next"]
            } while members["after"] != nil && found.count < 100
            return found.compactMap { $0["prescriptionId"] }
        }
        #expect(try await list([:]) == ids.reversed())
        #expect(try await list(["patientId": .string(clinic.woman)]) == ids.reversed())
        #expect(try await list(["state": "awaitingSignature"]) == [ids[2]])
        #expect(
            try await list(["patientId": .string(clinic.woman), "state": "awaitingSignature"]) == [ids[2]]
        )
        #expect(try await list(["from": "2026-11-22", "to": "2026-11-22"]).count == 5)
        #expect(try await list(["from": "2026-11-23"]) == [])
        #expect(try await list(["to": "2026-11-21", "patientId": .string(clinic.woman)]) == [])
        #expect(
            try await clinic.refusal("decoction.prescription.list", [:], by: clinic.admin).reason
                == "host.forbidden")
    }

    @Test(
        "of many that sign, withdraw and rewrite at once, one gets each thing, and nothing is lost between them"
    )
    func races() async throws {
        let clinic = try await Clinic.open()
        try clinic.shelve("甘草", "海藻", "麻黄")
        // Two rules wait for signatures; they are given at the same time, again and again.
        let both = Draft(clinic).of(("甘草", 3000), ("海藻", 6000), ("麻黄", 11_000)).woman(
            36, pregnant: "no"
        )
        .handedIn(clinic.woman)
        for _ in 0..<6 {
            let id = try #require(try await clinic.doctor.call(Self.method, both.json)["prescriptionId"])
            let states = await Self.race(8) { number in
                try clinic.doctor.callAndWait(
                    "decoction.prescription.sign",
                    [
                        "prescriptionId": id, "rule": number % 2 == 0 ? "RX-05" : "RX-07",
                        "staffId": .string(number < 4 ? clinic.chief : clinic.colleague), "reason": "病情需要",
                    ])["state"]
            }
            let card = try await clinic.doctor.call("decoction.prescription.get", ["prescriptionId": id])
            #expect(card["state"] == "readyForReview")
            let done = states.compactMap { try? $0.get() }
            #expect(done.filter { $0 == "readyForReview" }.count == 1)
            #expect(card["signatures"]?.arrayValue?.count == done.count)
        }
        let id = try #require(
            try await clinic.doctor.call(Self.method, Self.opposed(clinic).json)["prescriptionId"])
        let light = Draft(clinic).woman(36, pregnant: "no").handedIn(clinic.woman).with(
            "prescriptionId", id
        ).json
        let outcomes = await Self.race(10) { number in
            number % 2 == 0
                ? try clinic.doctor.callAndWait("decoction.prescription.rewrite", light)
                : try clinic.doctor.callAndWait(
                    "decoction.prescription.withdraw", ["prescriptionId": id, "reason": "患者改约"])
        }
        #expect(outcomes.count(where: { (try? $0.get()) != nil }) == 1)
        let rewrites = try clinic.host.sql(
            "SELECT count(*) FROM decoction.prescription WHERE rewrites IS NOT NULL")
        #expect(rewrites == [["0"]] || rewrites == [["1"]])
    }

    private static func race<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
    ) async -> [Result<Value, any Error>] {
        let numbers = Numbers()
        return await Racing.aside(count) {
            let number = numbers.next()
            return try Racing.retrying { try body(number) }
        }
    }
}

/// Hands every racing thread a number of its own.
private final class Numbers: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        self.value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
