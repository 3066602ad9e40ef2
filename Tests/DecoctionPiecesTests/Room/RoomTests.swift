import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// Machines and what they take, the board, samples, supervision.
struct RoomTests {
    @Test("8.5: a machine takes one job, and the next one only when it was cleaned")
    func cleaning() async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let again = try await kitchen.refusal(
            "decoction.machine.create", ["code": "1", "nameZh": "1", "kind": "pot"])
        #expect(again.reason == "decoction.machineExists" && again.details?["machineId"] == .string(machine))
        let (one, two) = (try await kitchen.dispensed(), try await kitchen.dispensed())
        let job = try #require(try await kitchen.start(one, in: machine)["jobId"]?.stringValue)
        let busy = try await kitchen.refusal("decoction.job.start", Kitchen.start(two, machine))
        #expect(busy.reason == "decoction.machineBusy" && busy.details?["jobId"] == .string(job))
        for method in ["decoction.machine.clean", "decoction.machine.retire"] {
            let refused = try await kitchen.refusal(method, ["machineId": .string(machine)])
            #expect(refused.reason == "decoction.machineStateConflict" && refused.details?["state"] == "busy")
        }
        try kitchen.put(job, "boiling2")
        try await kitchen.advance(job, "packed")
        let dirty = try await kitchen.refusal("decoction.job.start", Kitchen.start(two, machine))
        #expect(dirty.reason == "decoction.machineNotClean")
        try await kitchen.clean(machine)
        let log = try await kitchen.pharmacist.call("decoction.machine.cleanings", ["machineId": .string(machine)])
        #expect(log["cleanings"]?[0]?["jobId"] == .string(job) && log["cleanings"]?[0]?["way"] == "washed")
        try await kitchen.start(two, in: machine)
        // The first job goes on without its machine.
        try await kitchen.advance(job, "labelled")
        try await kitchen.advance(job, "delivered")
        #expect(try kitchen.state(of: machine) == "busy")
        #expect(try kitchen.doubled().isEmpty)
    }

    @Test("8.5: what is drunk, used externally, and toxic pieces have machines apart; a retired one takes nothing")
    func separation() async throws {
        let kitchen = try await Kitchen.open("麻黄", "雄黄")
        var machines: [String: String] = [:]
        for use in ["internal", "external", "toxic"] { machines[use] = try await kitchen.machine(use, use: use) }
        let prescriptions = [
            "internal": try await kitchen.dispensed(),
            "external": try await kitchen.dispensed { $0.with("use", "external") },
            "toxic": try await kitchen.dispensed { $0.of(("麻黄", 6000), ("雄黄", 50)) },
        ]
        for (wanted, prescription) in prescriptions {
            for (use, machine) in machines where use != wanted {
                let refused = try await kitchen.refusal("decoction.job.start", Kitchen.start(prescription, machine))
                #expect(refused.reason == "decoction.machineUnsuitable")
                #expect(refused.details?["why"] == "anotherUse" && refused.details?["use"] == .string(wanted))
            }
            try await kitchen.start(prescription, in: try #require(machines[wanted]))
        }
        let retired = try await kitchen.machine("9")
        try await kitchen.pharmacist.call("decoction.machine.retire", ["machineId": .string(retired)])
        let refused = try await kitchen.refusal(
            "decoction.job.start", Kitchen.start(try await kitchen.dispensed(), retired))
        #expect(refused.reason == "decoction.machineUnsuitable" && refused.details?["why"] == "retired")
        let list = try await kitchen.pharmacist.call("decoction.machine.list")
        #expect(list["machines"]?.arrayValue?.compactMap { $0["state"] } == ["retired", "busy", "busy", "busy"])
    }

    @Test("a job begins with what was dispensed alone, once, and after spoiling only with what was dispensed anew")
    func dispensedAnew() async throws {
        var kitchen = try await Kitchen.open()
        let (one, other) = (try await kitchen.machine("1"), try await kitchen.machine("2"))
        let prescription = try await kitchen.dispensed()
        for state in PrescriptionState.allCases where state != .dispensed {
            try kitchen.set(prescription, state.rawValue)
            let refused = try await kitchen.refusal("decoction.job.start", Kitchen.start(prescription, one))
            #expect(refused.reason == "decoction.prescriptionStateConflict")
            #expect(refused.details?["state"] == .string(state.rawValue))
        }
        try kitchen.set(prescription, "dispensed")
        let nowhere = RecordID.make(at: Pharmacy.now).description
        let unknown = try await kitchen.refusal("decoction.job.start", Kitchen.start(prescription, nowhere))
        #expect(unknown.reason == "host.notFound")
        let dry = try #require(try await kitchen.start(prescription, in: one)["jobId"]?.stringValue)
        let twice = try await kitchen.refusal("decoction.job.start", Kitchen.start(prescription, other))
        #expect(twice.reason == "decoction.jobExists" && twice.details?["jobId"] == .string(dry))
        // Nothing has got wet: it may begin once more, in a machine that needs no cleaning.
        try await kitchen.pharmacist.call("decoction.job.abort", ["jobId": .string(dry), "reason": "powerCut"])
        let job = try #require(try await kitchen.start(prescription, in: one)["jobId"]?.stringValue)
        try kitchen.put(job, "boiling1")
        let reply = try await kitchen.pharmacist.call(
            "decoction.job.abort", ["jobId": .string(job), "reason": "dried"])
        #expect(reply["dispenseAnew"] == true)
        let spoilt = try await kitchen.refusal("decoction.job.start", Kitchen.start(prescription, other))
        #expect(spoilt.reason == "decoction.dispenseAnew")
        let board = try await kitchen.pharmacist.call("decoction.board.get")
        #expect(board["waiting"]?[0]?["dispenseAnew"] == true)
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 60))
        try kitchen.book(
            RecordID.make(at: Pharmacy.now).description, of: prescription, at: Pharmacy.now.adding(seconds: 60))
        try await kitchen.start(prescription, in: other)
        let jobs = try await kitchen.pharmacist.call(
            "decoction.job.list", ["prescriptionId": .string(prescription)])["jobs"]
        #expect(jobs?.arrayValue?.compactMap { $0["state"] } == ["received", "aborted", "aborted"])
    }

    @Test("the board has what is due next first, what waits with urgent ones first, and says what is overdue")
    func board() async throws {
        var kitchen = try await Kitchen.open()
        var jobs: [String] = []
        for code in ["1", "2", "3"] {
            let machine = try await kitchen.machine(code)
            let card = try await kitchen.start(
                try await kitchen.dispensed(), in: machine, code == "3" ? ["urgent": true] : [:])
            jobs.append(try #require(card["jobId"]?.stringValue))
        }
        try kitchen.put(jobs[1], "checked")
        try await kitchen.advance(jobs[1], "soaking")
        try kitchen.put(jobs[2], "soaking")
        try await kitchen.advance(jobs[2], "boiling1")
        let plain = try await kitchen.dispensed()
        let urgent = try await kitchen.dispensed { $0.with("kind", "emergency") }
        func board(_ params: JSONValue = [:]) async throws -> JSONValue {
            try await kitchen.pharmacist.call("decoction.board.get", params)
        }
        let now = try await board()
        #expect(now["jobs"]?.arrayValue?.compactMap { $0["jobId"]?.stringValue } == [jobs[0], jobs[2], jobs[1]])
        #expect(now["jobs"]?.arrayValue?.compactMap { $0["next"] } == ["checked", "boiling2", "boiling1"])
        #expect(now["jobs"]?.arrayValue?.allSatisfy { $0["overdue"] == false } == true)
        #expect(
            now["jobs"]?[1]?["dueAt"] == .string(Pharmacy.now.adding(seconds: 7200).description))
        #expect(
            now["waiting"]?.arrayValue?.compactMap { $0["prescriptionId"]?.stringValue } == [urgent, plain])
        #expect(now["waiting"]?[0]?["urgent"] == true)
        // The first boiling of exterior pieces lasts 20 minutes at the most.
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 20 * 60 + 1))
        #expect(
            try await board()["jobs"]?.arrayValue?.compactMap { $0["overdue"] } == [false, true, false])
        // The day after, what has not ended is still there; that day's own board has it for ever.
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 86_400))
        #expect(try await board()["jobs"]?.arrayValue?.count == 3)
        #expect(try await board(["day": "2026-11-22"])["jobs"]?.arrayValue?.count == 3)
        #expect(try await board(["day": "2026-11-22"])["waiting"] == [])
        #expect(try await board(["day": "2026-11-21"])["jobs"] == [])
        for job in jobs { try kitchen.put(job, "handedOver") }
        #expect(try await board()["jobs"] == [])
        let there = try await kitchen.host.client(role: .nurse, site: "t2")
        #expect(try await there.call("decoction.board.get", ["day": "2026-11-22"])["jobs"] == [])
    }

    @Test("8.5: one bag stays for 24 hours at the least, 48 at the most")
    func samples() async throws {
        var kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let job = try #require(
            try await kitchen.start(kitchen.dispensed(), in: machine)["jobId"]?.stringValue)
        try kitchen.put(job, "boiling2")
        let sample = try #require(try await kitchen.advance(job, "packed")["sampleId"])
        func list(_ which: JSONValue) async throws -> [JSONValue] {
            try await kitchen.pharmacist.call("decoction.sample.list", ["which": which])["samples"]?.arrayValue ?? []
        }
        #expect(try await list("kept").first?["bags"] == 1)
        #expect(try await list("due").isEmpty)
        let day: Int64 = 86_400
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: day - 1))
        let early = try await kitchen.refusal("decoction.sample.discard", ["sampleId": sample])
        #expect(early.reason == "decoction.tooEarly")
        #expect(early.details?["earliestAt"] == .string(Pharmacy.now.adding(seconds: day).description))
        kitchen = try await kitchen.at(Pharmacy.now.adding(seconds: 2 * day + 1))
        #expect(try await list("due").first?["overdue"] == true)
        try await kitchen.pharmacist.call("decoction.sample.discard", ["sampleId": sample])
        #expect(try await list("kept").isEmpty)
        #expect(try await list("all").first?["discardedAt"] != nil)
        let again = try await kitchen.refusal("decoction.sample.discard", ["sampleId": sample])
        #expect(again.reason == "host.conflict")
    }

    @Test("8.5: the room is supervised every three months; faults have measures")
    func supervision() async throws {
        let kitchen = try await Kitchen.open()
        let reviewer = try await kitchen.host.client(role: .reviewer, site: "t1")
        let none = try await reviewer.call("decoction.supervision.list")
        #expect(none["overdue"] == true && none["nextDueOn"] == nil)
        let silent: JSONValue = ["passed": false, "findings": "滤网有残渣"]
        let refused = try await kitchen.clinic.refusal("decoction.supervision.record", silent, by: reviewer)
        #expect(refused.reason == "host.invalidParams")
        let later: JSONValue = ["passed": true, "findings": "规范", "doneOn": "2026-11-23"]
        let future = try await kitchen.clinic.refusal("decoction.supervision.record", later, by: reviewer)
        #expect(future.reason == "host.invalidParams")
        let done: JSONValue = ["passed": true, "findings": "规范", "doneOn": "2026-08-22"]
        let reply = try await reviewer.call("decoction.supervision.record", done)
        #expect(reply["nextDueOn"] == "2026-11-22")
        #expect(try await reviewer.call("decoction.supervision.list")["overdue"] == false)
        let old: JSONValue = ["passed": true, "findings": "规范", "doneOn": "2026-05-01"]
        try await reviewer.call("decoction.supervision.record", old)
        let page = try await reviewer.call("decoction.supervision.list", ["limit": 1])
        #expect(page["nextDueOn"] == "2026-11-22" && page["supervisions"]?[0]?["doneOn"] == "2026-08-22")
        let second = try await reviewer.call(
            "decoction.supervision.list", ["limit": 1, "after": try #require(page["next"])])
        #expect(second["supervisions"]?[0]?["doneOn"] == "2026-05-01" && second["next"] == nil)
    }
}
