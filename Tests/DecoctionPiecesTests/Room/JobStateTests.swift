import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The states of a job, all pairs of them.
struct JobStateTests {
    /// As domain rules 8.5 and the issue have it.
    static let steps: Set<[String]> = [
        ["received", "checked"], ["checked", "soaking"], ["soaking", "boiling1"], ["boiling1", "boiling2"],
        ["boiling2", "packed"], ["packed", "labelled"], ["labelled", "handedOver"], ["labelled", "delivered"],
    ]

    @Test("8.5: one step after the other, judged without a database")
    func allPairs() {
        for from in JobState.allCases {
            for to in JobState.allCases {
                #expect(from.next.contains(to) == Self.steps.contains([from.rawValue, to.rawValue]), "\(from) \(to)")
            }
            #expect(from.former.map { $0.next.contains(from) } ?? [.received, .aborted].contains(from))
        }
        #expect(JobState.targets.count == 8)
        #expect(JobState.allCases.filter(\.isFinal) == [.handedOver, .delivered, .aborted])
    }

    @Test("8.5: of all pairs of states, through the wire, only a step of the table is taken")
    func allPairsOnTheWire() async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let job = try #require(
            try await kitchen.start(kitchen.dispensed(), in: machine)["jobId"]?.stringValue)
        for from in JobState.allCases {
            for to in JobState.targets {
                try kitchen.host.script(
                    """
                    DELETE FROM decoction.sample; DELETE FROM decoction.job_step WHERE state <> 'received';
                    DELETE FROM decoction.hand_over; UPDATE decoction.prescription SET state = 'dispensed'
                    """)
                try kitchen.put(job, from.rawValue)
                if Self.steps.contains([from.rawValue, to.rawValue]) {
                    let reply = try await kitchen.advance(job, to.rawValue)
                    #expect(reply["state"] == .string(to.rawValue))
                } else {
                    let refused = try await kitchen.refusal(advance: job, to.rawValue)
                    #expect(refused.reason == "decoction.jobStateConflict", "\(from) \(to)")
                    #expect(refused.details?["state"] == .string(from.rawValue))
                    #expect(refused.details?["next"] == .array(from.next.map { .string($0.rawValue) }))
                }
            }
        }
    }

    @Test("8.5: it is broken off out of every state but the last; wet pieces are dispensed anew")
    func aborted() async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let prescription = try await kitchen.dispensed()
        let job = try #require(try await kitchen.start(prescription, in: machine)["jobId"]?.stringValue)
        let params: JSONValue = ["jobId": .string(job), "reason": "scorched"]
        for state in JobState.allCases {
            try kitchen.host.script(
                """
                DELETE FROM decoction.job_step WHERE state <> 'received';
                UPDATE decoction.job SET is_spoilt = false; UPDATE decoction.machine SET state = 'busy'
                """)
            try kitchen.put(job, state.rawValue)
            guard !state.isFinal else {
                let refused = try await kitchen.refusal("decoction.job.abort", params)
                #expect(refused.reason == "decoction.jobStateConflict")
                continue
            }
            let reply = try await kitchen.pharmacist.call("decoction.job.abort", params)
            #expect(reply["dispenseAnew"] == .bool(state != .received && state != .checked), "\(state)")
            #expect(reply["state"] == "aborted")
            // Before it was packed, the machine goes back: clean where nothing wet was in it.
            let expected =
                switch state {
                case .received, .checked: "ready"
                case .soaking, .boiling1, .boiling2: "dirty"
                default: "busy"
                }
            #expect(try kitchen.state(of: machine) == expected, "\(state)")
        }
    }

    @Test("another reason has to be told; what is typed is sealed, and the audit has codes alone")
    func sealed() async throws {
        let kitchen = try await Kitchen.open()
        let machine = try await kitchen.machine("1")
        let job = try #require(
            try await kitchen.start(kitchen.dispensed(), in: machine)["jobId"]?.stringValue)
        let silent = try await kitchen.refusal("decoction.job.abort", ["jobId": .string(job), "reason": "other"])
        #expect(silent.reason == "host.invalidParams")
        try await kitchen.pharmacist.call(
            "decoction.job.abort", ["jobId": .string(job), "reason": "other", "note": "患者家属来电取消"])
        let card = try await kitchen.pharmacist.call("decoction.job.get", ["jobId": .string(job)])
        #expect(card["steps"]?.arrayValue?.compactMap { $0["state"] } == ["received", "aborted"])
        #expect(card["steps"]?[0]?["staffId"] == nil)
        #expect(card["steps"]?[1]?["note"] == "患者家属来电取消" && card["steps"]?[1]?["codes"] == ["other"])
        let dump = try kitchen.host.sql("SELECT string_agg(s::text, ' ') FROM decoction.job_step AS s")[0][0] ?? ""
        #expect(!dump.contains("家属"))
        let audit = try kitchen.host.sql("SELECT string_agg(notes::text, ' ') FROM host.audit")[0][0] ?? ""
        #expect(!audit.contains("家属") && audit.contains(#""reason":"other""#))
        try await kitchen.host.expect(
            "SELECT topic FROM host.event WHERE topic LIKE 'decoction.job.%' ORDER BY number",
            [["decoction.job.started"], ["decoction.job.aborted"]])
    }
}
