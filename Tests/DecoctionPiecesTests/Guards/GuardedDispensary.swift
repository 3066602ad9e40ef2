import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// What the tests of the guards ask of a dispensary.
extension Dispensary {
    /// Received and accepted 麻黄, of which prescriptions are dispensed, and what was dispensed of it.
    func dispensedFromLot(_ count: Int = 1) async throws -> (lot: String, prescriptions: [JSONValue]) {
        let lot = try await self.pharmacy.stock(Pharmacy.mahuang, Int64(count) * 15_000 + 100_000)
        var prescriptions: [JSONValue] = []
        for _ in 0..<count { prescriptions.append(try await self.dispensed()) }
        return (lot, prescriptions)
    }

    /// Three doses of 5 g of 麻黄, dispensed.
    func dispensed() async throws -> JSONValue {
        let id = try await self.submit(("麻黄", 5_000))
        try await self.dispenseAnew(id)
        return id
    }

    func dispenseAnew(_ id: JSONValue) async throws {
        try await self.approve(id)
        try await self.dispense(id, self.weighings(("麻黄", 5_000)))
    }

    /// Begins a job of a prescription in a machine of its own, and puts it into a state.
    func job(_ prescription: JSONValue, _ state: String? = nil, in code: String = "1") async throws -> String {
        let kitchen = self.kitchen
        let machine = try await kitchen.machine(code)
        let card = try await kitchen.start(try #require(prescription.stringValue), in: machine)
        let job = try #require(card["jobId"]?.stringValue)
        if let state { try kitchen.put(job, state) }
        return job
    }

    var kitchen: Kitchen { Kitchen(clinic: self.clinic, pharmacist: self.dispenser) }

    func call(_ method: String, _ params: JSONValue) async throws -> JSONValue {
        try await self.dispenser.call("decoction.\(method)", params)
    }

    func refused(_ method: String, _ params: JSONValue) async throws -> CallRefused {
        try await self.clinic.refusal("decoction.\(method)", params, by: self.dispenser)
    }

    static func sending(_ prescription: JSONValue) -> JSONValue {
        ["prescriptionId": prescription, "villageZh": "示例村", "carrier": "配送员"]
    }

    static func sending(document: JSONValue) -> JSONValue {
        ["documentId": document, "villageZh": "示例村", "carrier": "配送员"]
    }

    static func signed(_ delivery: JSONValue, at instant: Timestamp = Pharmacy.now) -> JSONValue {
        [
            "deliveryId": delivery, "receivedBy": "签收人", "relation": "villageDoctor",
            "at": .string(instant.description),
        ]
    }

    static func recall(_ lot: String) -> JSONValue { ["lotId": .string(lot), "reason": "药监部门通报"] }

    static func returning(_ prescription: JSONValue, all: Bool) -> JSONValue {
        ["prescriptionId": prescription, "reason": "退回", "destroyAll": .bool(all)]
    }
}
