import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Applying imports")
struct ImportApplyTests {
    @Test("all or nothing applies every line, as the account that applied it")
    func whole() async throws {
        let roster = try await Roster.open()
        let csv = (100..<135).map { "n\($0),\($0)\n" }.joined()
        let id = try await roster.upload(csv)
        let other = try await roster.host.client(role: .nurse, site: "t1")
        let state = try await roster.apply(id, "allOrNothing", by: other)
        #expect(state["state"] == "applied" && state["applied"] == 35 && state["leftOut"] == 0)
        #expect(
            state["appliedBy"]?.stringValue == other.account && state["account"]?.stringValue == roster.nurse.account)
        #expect(try roster.names().count == 35)
        #expect(
            try roster.host.sql(
                "SELECT DISTINCT account FROM roster.entry JOIN host.account ON account_id = by_account")
                == [[other.account]])
        #expect(try roster.staged() == [["0", "0"]])
        let audit = try roster.host.sql(
            "SELECT notes FROM host.audit WHERE method = 'imports.apply' AND outcome = 'done' ORDER BY seq")
        #expect(audit.count == 5, "the call, and four chunks")
        #expect(audit.last?[0]?.contains("\"fromLine\":31") == true)
    }

    @Test("all or nothing with a faulty line is refused at once with the count, and the good lines may still be chosen")
    func faulty() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload("a,1\nb,x\nc,1\n")
        let refused = try await roster.refusal("imports.apply", ["importId": id, "mode": "allOrNothing"])
        #expect(refused.reason == "host.importFaulty" && refused.details == ["faulty": 1, "lines": 3])
        #expect(try roster.names().isEmpty)
        let state = try await roster.apply(id, "goodLines")
        #expect(state["state"] == "applied" && state["applied"] == 2)
        #expect(try roster.names() == ["a", "c"])
    }

    @Test("all or nothing is nothing where a line cannot be applied after all; every such line is named")
    func nothing() async throws {
        let roster = try await Roster.open()
        let csv = (100..<130).map { $0 % 10 == 5 ? "taken\($0),1\n" : "n\($0),1\n" }.joined()
        let id = try await roster.upload(csv)
        let state = try await roster.apply(id, "allOrNothing")
        #expect(state["state"] == "refused" && state["reason"] == "host.importFaulty")
        #expect(state["applied"] == 0 && state["leftOut"] == 0)
        #expect(try roster.names().isEmpty)
        let faults = try await roster.faults(id)
        #expect(faults.map { $0["line"]?.integerValue } == [6, 16, 26] && faults.allSatisfy { $0["stage"] == "apply" })
        let again = try await roster.apply(id, "goodLines")
        #expect(again["state"] == "applied" && again["applied"] == 27 && again["leftOut"] == 3)
        #expect(try roster.names().count == 27)
        #expect(try await roster.faults(id).count == 3)
    }

    @Test("a module that refuses ends the import with its reason; what stands of the good lines stands")
    func moduleRefuses() async throws {
        let roster = try await Roster.open()
        let csv = (100..<115).map { "n\($0),1\n" }.joined() + "stop,1\n"
        let id = try await roster.upload(csv)
        let state = try await roster.apply(id, "goodLines")
        #expect(state["state"] == "refused" && state["reason"] == "roster.refused" && state["applied"] == 10)
        #expect(try roster.names().count == 10)
        let whole = try await roster.refusal("imports.apply", ["importId": id, "mode": "allOrNothing"])
        #expect(whole.reason == "host.importState", "a part of it stands already")
        let audit = try roster.host.sql(
            "SELECT reason FROM host.audit WHERE method = 'imports.apply' AND outcome = 'refused'")
        #expect(audit.contains(["roster.refused"]))
    }

    @Test(
        "a line that the module did not expect to fail refuses the import with the reason, and leaves nothing of its part"
    )
    func moduleFails() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload("a,1\nb,1\n")
        // Somebody takes the name between check and apply, which this module does not expect.
        try roster.host.script(
            """
            INSERT INTO roster.entry SELECT site_id, 'b', 0, site_id FROM host.site WHERE code = 't1'
            """)
        let state = try await roster.apply(id, "goodLines")
        #expect(state["state"] == "refused" && state["reason"] == "host.conflict" && state["applied"] == 0)
        #expect(try roster.names() == ["b"])
    }

    @Test("of many who apply at once one does, and each line stands once")
    func race() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload((100..<150).map { "n\($0),1\n" }.joined())
        let clients = try await Self.nurses(6, roster.host)
        let outcomes = await Task.detached {
            Racing.run(6) { @Sendable in
                let client = clients[Int.random(in: 0..<6)]
                return try Racing.retrying {
                    try client.callAndWait("imports.apply", ["importId": id, "mode": "goodLines"])
                }
            }
        }.value
        let refusals = outcomes.compactMap { outcome -> String? in
            guard case .failure(let error) = outcome else { return nil }
            return (error as? CallRefused)?.reason
        }
        #expect(refusals == Array(repeating: "host.importState", count: 5))
        let state = try await roster.ended(id)
        #expect(state["state"] == "applied" && state["applied"] == 50)
        #expect(try roster.names().count == 50)
    }

    private static func nurses(_ count: Int, _ host: TestHost) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for _ in 0..<count { clients.append(try await host.client(role: .nurse, site: "t1")) }
        return clients
    }

    @Test(
        "progress shows while it is applied, other calls go on, and cancelling leaves what stands",
        arguments: ["goodLines", "allOrNothing"])
    func cancelled(mode: String) async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload((100..<150).map { "n\($0),1\n" }.joined())
        // The third chunk waits for this lock.
        let held = try roster.host.hold(
            "INSERT INTO roster.entry SELECT site_id, 'n125', 0, site_id FROM host.site WHERE code = 't1'")
        try await roster.nurse.call("imports.apply", ["importId": id, "mode": .string(mode)])
        let midway = try await roster.reaches(id) { $0["applied"] == 20 }
        #expect(midway["state"] == "applying")
        let cancelled = try await roster.nurse.call("imports.cancel", ["importId": id])
        #expect(cancelled["state"] == "cancelled")
        #expect(cancelled["applied"]?.integerValue == (mode == "goodLines" ? 20 : 0))
        try held.release()
        // The runner finds out; a further import shows that it is free again.
        let next = try await roster.upload("z,1\n")
        #expect(try await roster.apply(next, "goodLines")["state"] == "applied")
        #expect(try roster.names().count == (mode == "goodLines" ? 21 : 1))
        #expect(try roster.staged() == [["0", "0"]])
    }

    @Test("an import that was begun before a host stopped is finished by the next one")
    func taken() async throws {
        let roster = try await Roster.open()
        let id = try await roster.upload((100..<150).map { "n\($0),1\n" }.joined())
        // As another host leaves it when it dies.
        try roster.host.script(
            """
            UPDATE host.import SET state = 'applying', mode = 'goodLines', applied_by = account_id, started_at = now()
            """)
        let state = try await roster.ended(id)
        #expect(state["state"] == "applied" && state["applied"] == 50)
        #expect(try roster.names().count == 50)
    }
}
