import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// From a job to its lots and patient, and back.
struct RoomTraceTests {
    /// Issues from a lot, and says that this dispensed the prescription; gives the document.
    private func dispense(
        _ kitchen: Kitchen, _ prescription: String, _ lot: String, _ milligrams: Int64, at instant: Timestamp
    ) async throws -> String {
        let reply = try await kitchen.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, milligrams, lot: lot)]))
        let document = try #require(reply["documentId"]?.stringValue)
        try kitchen.book(document, of: prescription, at: instant)
        return document
    }

    private func lots(_ kitchen: Kitchen, _ job: String) async throws -> [String: Int64] {
        let reply = try await kitchen.pharmacist.call("decoction.job.trace", ["jobId": .string(job)])
        #expect(reply["patientId"] == .string(kitchen.clinic.woman))
        return Dictionary(
            uniqueKeysWithValues: (reply["lots"]?.arrayValue ?? []).map {
                ($0["lotId"]?.stringValue ?? "", $0["quantityMg"]?.integerValue ?? 0)
            })
    }

    private func jobs(_ kitchen: Kitchen, of lot: String) async throws -> [String] {
        let reply = try await kitchen.pharmacist.call("decoction.job.findByLot", ["lotId": .string(lot)])
        return (reply["jobs"]?.arrayValue ?? []).compactMap { $0["jobId"]?.stringValue }
    }

    @Test("8.5: a job is traced to what its own pot was filled from, less what was taken back, and to the patient")
    func bothWays() async throws {
        var kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let (first, second) = (
            try await kitchen.clinic.pharmacy.stock(Pharmacy.mahuang, 100_000),
            try await kitchen.clinic.pharmacy.stock(Pharmacy.mahuang, 100_000)
        )
        let prescription = try await kitchen.dispensed()
        _ = try await self.dispense(kitchen, prescription, first, 18_000, at: Pharmacy.now)
        // A dispensing that was taken back: what its lot got again is not in the pot.
        let wrong = try await kitchen.pharmacist.call(
            "decoction.stock.issue", Pharmacy.document([Line(Pharmacy.mahuang, 5000, lot: second)]))
        let document = try #require(wrong["documentId"]?.stringValue)
        try await kitchen.pharmacist.call(
            "decoction.movement.reverse", ["documentId": .string(document), "reason": "录入错误"])
        try kitchen.book(document, of: prescription, at: Pharmacy.now)
        let spoilt = try #require(try await kitchen.start(prescription, in: machine)["jobId"]?.stringValue)
        #expect(try await self.lots(kitchen, spoilt) == [first: 18_000])
        try kitchen.put(spoilt, "boiling1")
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 60))
        try await kitchen.pharmacist.call(
            "decoction.job.abort", ["jobId": .string(spoilt), "reason": "scorched"])

        // Dispensed anew from another lot: each job has its own.
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 120))
        _ = try await self.dispense(
            kitchen, prescription, second, 18_000, at: Pharmacy.now.adding(seconds: 120))
        try await kitchen.clean(machine)
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 180))
        let job = try #require(try await kitchen.start(prescription, in: machine)["jobId"]?.stringValue)
        #expect(try await self.lots(kitchen, spoilt) == [first: 18_000])
        #expect(try await self.lots(kitchen, job) == [second: 18_000])
        #expect(try await self.jobs(kitchen, of: first) == [spoilt])
        #expect(try await self.jobs(kitchen, of: second) == [job])
        let audit = try kitchen.host.sql(
            "SELECT notes FROM host.audit WHERE method = 'decoction.job.findByLot' ORDER BY seq DESC LIMIT 1")[0][0]
        #expect(audit?.contains(kitchen.clinic.woman) == true)
        let there = try await kitchen.host.client(role: .pharmacist, site: "t2")
        for (method, params) in [
            ("decoction.job.trace", ["jobId": .string(job)] as JSONValue),
            ("decoction.job.findByLot", ["lotId": .string(first)]), ("decoction.job.get", ["jobId": .string(job)]),
        ] {
            let refused = try await kitchen.clinic.refusal(method, params, by: there)
            #expect(refused.reason == "host.notFound")
        }
    }
}
