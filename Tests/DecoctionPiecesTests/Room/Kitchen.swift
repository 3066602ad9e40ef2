import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// A township's decoction room on a host of its own. What comes before it is put there past review and dispensing: what is
/// tested here is the room.
struct Kitchen {
    let clinic: Clinic
    /// Sessions end when the clock moves on for long: it is the pharmacist of the present one.
    let pharmacist: TestClient

    var host: TestHost { self.clinic.host }

    static func open(_ pieces: String...) async throws -> Kitchen {
        let clinic = try await Clinic.open()
        for piece in pieces.isEmpty ? ["麻黄"] : pieces { try clinic.shelve(piece) }
        return Kitchen(clinic: clinic, pharmacist: clinic.pharmacy.pharmacist)
    }

    /// Moves the clock, with a new session.
    func at(_ instant: Timestamp) async throws -> Kitchen {
        self.host.setClock(instant)
        return Kitchen(clinic: self.clinic, pharmacist: try await self.host.client(role: .pharmacist, site: "t1"))
    }

    /// Adds a machine; gives its id.
    func machine(_ code: String, use: String = "internal") async throws -> String {
        let reply = try await self.pharmacist.call(
            "decoction.machine.create",
            ["code": .string(code), "nameZh": .string(code), "kind": "machine", "use": .string(use)])
        return try #require(reply["machineId"]?.stringValue)
    }

    /// A prescription that was dispensed; 麻黄 for a woman of 36 unless told.
    func dispensed(_ change: (Draft) -> Draft = { $0 }) async throws -> String {
        let draft = change(Draft(self.clinic).woman(36, pregnant: "no")).handedIn(self.clinic.woman)
        let reply = try await self.clinic.doctor.call(SubmissionTests.method, draft.json)
        let id = try #require(reply["prescriptionId"]?.stringValue)
        try self.set(id, "dispensed")
        return id
    }

    func set(_ prescription: String, _ state: String) throws {
        try self.host.script(
            "UPDATE decoction.prescription SET state = '\(state)' WHERE prescription_id = '\(prescription)'")
    }

    /// Books a document as what dispensed a prescription.
    func book(_ document: String, of prescription: String, at instant: Timestamp) throws {
        try self.host.script(
            """
            INSERT INTO decoction.dispensed (site_id, document_id, prescription_id, at, account_id)
            SELECT site_id, '\(document)', prescription_id, '\(instant)', created_by FROM decoction.prescription
            WHERE prescription_id = '\(prescription)'
            """)
    }

    static func start(_ prescription: String, _ machine: String) -> JSONValue {
        ["prescriptionId": .string(prescription), "machineId": .string(machine)]
    }

    /// Begins a job; gives its card.
    @discardableResult
    func start(_ prescription: String, in machine: String, _ more: [String: JSONValue] = [:]) async throws -> JSONValue
    {
        let params = (Self.start(prescription, machine).objectValue ?? [:]).merging(more) { $1 }
        return try await self.pharmacist.call("decoction.job.start", .object(params))
    }

    static func step(_ job: String, _ to: String, volumeMl: Int64? = nil, reason: String? = nil) -> JSONValue {
        var params: [String: JSONValue] = ["jobId": .string(job), "to": .string(to)]
        if to == "packed" { params["volumeMl"] = .integer(volumeMl ?? 1500) }
        if to == "handedOver" { params["receivedBy"] = "测试领药人" }
        params["reason"] = reason.map { .string($0) }
        return .object(params)
    }

    @discardableResult
    func advance(_ job: String, _ to: String, volumeMl: Int64? = nil, reason: String? = nil) async throws -> JSONValue {
        try await self.pharmacist.call(
            "decoction.job.advance", Self.step(job, to, volumeMl: volumeMl, reason: reason))
    }

    func refusal(_ method: String, _ params: JSONValue) async throws -> CallRefused {
        try await self.clinic.pharmacy.refusal(method, params, by: self.pharmacist)
    }

    func refusal(advance job: String, _ to: String, volumeMl: Int64? = nil) async throws -> CallRefused {
        try await self.refusal("decoction.job.advance", Self.step(job, to, volumeMl: volumeMl))
    }

    func clean(_ machine: String) async throws {
        try await self.pharmacist.call("decoction.machine.clean", ["machineId": .string(machine)])
    }

    /// The state of a machine.
    func state(of machine: String) throws -> String? {
        try self.host.sql("SELECT state FROM decoction.machine WHERE machine_id = '\(machine)'").first?.first ?? nil
    }

    /// Puts a job into a state as if it had been in it for long, for what is not about time.
    func put(_ job: String, _ state: String) throws {
        let isPacked = ["packed", "labelled", "handedOver", "delivered"].contains(state)
        let hasEnded = ["handedOver", "delivered", "aborted"].contains(state)
        try self.host.script(
            """
            UPDATE decoction.job SET state = '\(state)', earliest_at = since,
                packed_at = \(isPacked ? "since" : "NULL"), volume_ml = \(isPacked ? "1500" : "NULL"),
                ended_at = \(hasEnded ? "since" : "NULL")
            WHERE job_id = '\(job)'
            """)
    }

    /// Machines that run two jobs, and prescriptions that have two: there must be none.
    func doubled() throws -> [[String?]] {
        try self.host.sql(
            """
            SELECT machine_id FROM decoction.job
            WHERE state IN ('received', 'checked', 'soaking', 'boiling1', 'boiling2') GROUP BY machine_id HAVING count(*) > 1
            UNION ALL
            SELECT prescription_id FROM decoction.job WHERE state <> 'aborted' GROUP BY prescription_id HAVING count(*) > 1
            UNION ALL
            SELECT machine_id FROM decoction.machine WHERE (state = 'busy') <> EXISTS (
                SELECT FROM decoction.job WHERE job.machine_id = machine.machine_id
                    AND job.state IN ('received', 'checked', 'soaking', 'boiling1', 'boiling2'))
            """)
    }
}
