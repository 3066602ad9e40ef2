import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("One call, on a real PostgreSQL")
struct DispatchTests {
    static let badParams: [(params: JSONValue, pointer: String)] = [
        (["name": "a"], "/amount"), (["name": 1, "amount": 1], "/name"), (["name": "a", "amount": "1"], "/amount"),
        (["name": "a", "amount": 1, "extra": true], "/extra"), (["name": "", "amount": 1], "/name"),
        (["name": "a\u{0}b", "amount": 1], "/name"),
    ]

    private func start() async throws -> TestHost { try await TestHost.start(CounterModule.self, OrderModule.self) }

    @Test("a write commits the change and its audit row; a read shows it")
    func writeAndRead() async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        let reply = try await client.call("counter.box.add", ["name": "a", "amount": 5])
        #expect(reply == ["name": "a", "amount": 5])
        #expect(try await client.call("counter.box.list")["boxes"] == [["name": "a", "amount": 5]])
        let audit = try host.sql("SELECT method, outcome, notes FROM host.audit WHERE method LIKE 'counter.%'")
        #expect(audit == [["counter.box.add", "done", #"{"box":"noted"}"#]])
    }

    @Test("a refused write keeps nothing but the audit of its refusal")
    func refusal() async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.add", ["name": "a", "amount": -1])
        }
        #expect(refused?.reason == "counter.empty")
        #expect(refused?.code == 9801)
        #expect(try host.sql("SELECT count(*) FROM counter.box") == [["0"]])
        let audit = try host.sql("SELECT outcome, reason FROM host.audit WHERE method = 'counter.box.add'")
        #expect(audit == [["refused", "counter.empty"]])
    }

    @Test("an unexpected failure keeps nothing and tells nothing but its trace")
    func failure() async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.fail", ["name": "a", "amount": 1])
        }
        #expect(refused?.reason == "host.internal")
        #expect(refused?.trace.count == 32)
        #expect(refused?.details == nil)
        #expect(try host.sql("SELECT count(*) FROM counter.box") == [["0"]])
    }

    @Test("the database refuses a write in a method that is declared a read")
    func readOnly() async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.writeInRead", ["name": "a", "amount": 1])
        }
        #expect(try host.sql("SELECT count(*) FROM counter.box") == [["0"]])
    }

    @Test("a module cannot read another schema")
    func otherSchema() async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        let refused = await #expect(throws: CallRefused.self) { try await client.call("counter.box.peekAudit") }
        #expect(refused?.reason == "host.internal")
    }

    @Test("a site sees its own rows; a grant over the subtree sees those below")
    func sites() async throws {
        let host = try await self.start()
        let one = try await host.client(role: .pharmacist, site: "t1")
        let two = try await host.client(role: .pharmacist, site: "t2")
        let county = try await host.client(role: .statistician, site: "county", reach: .subtree)
        let only = try await host.client(role: .statistician, site: "county")
        try await one.call("counter.box.add", ["name": "a", "amount": 1])
        try await two.call("counter.box.add", ["name": "b", "amount": 2])
        #expect(try await one.call("counter.box.list")["boxes"] == [["name": "a", "amount": 1]])
        #expect(try await two.call("counter.box.list")["boxes"] == [["name": "b", "amount": 2]])
        #expect(try await county.call("counter.box.list")["boxes"]?.arrayValue?.count == 2)
        #expect(try await only.call("counter.box.list")["boxes"] == [])
        let refused = await #expect(throws: CallRefused.self) { try await one.call("counter.box.list", site: "t2") }
        #expect(refused?.reason == "host.forbidden")
    }

    @Test("a deadline ends the statement, and nothing is kept")
    func deadline() async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.sleep", ["name": "a", "amount": 20_000], deadlineMs: 200)
        }
        #expect(refused?.reason == "host.deadline")
        #expect(try host.sql("SELECT count(*) FROM counter.box") == [["0"]])
    }

    @Test("bad params are refused with a pointer to each fault", arguments: badParams)
    func invalid(_ case: (params: JSONValue, pointer: String)) async throws {
        let host = try await self.start()
        let client = try await host.client(role: .pharmacist, site: "t1")
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.add", `case`.params)
        }
        #expect(refused?.code == -32602)
        #expect(refused?.details?[0]?["pointer"]?.stringValue == `case`.pointer)
    }

    @Test("a module calls another in the same transaction, under the other's role and back")
    func crossModule() async throws {
        let host = try await self.start()
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        let doctor = try await host.client(role: .doctor, site: "t1")
        try await pharmacist.call("counter.box.add", ["name": "a", "amount": 3])
        #expect(try await doctor.call("orders.order.place", ["name": "a", "amount": 2])["taken"] == true)
        #expect(try host.sql("SELECT amount FROM counter.box") == [["1"]])
        let notes = try host.sql("SELECT notes FROM host.audit WHERE method = 'orders.order.place'")
        #expect(notes.first?.first??.contains("orders.order.place>counter.box.add") == true)
    }

    @Test("a fault of the other module rolls back to the savepoint alone")
    func crossModuleFault() async throws {
        let host = try await self.start()
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        let doctor = try await host.client(role: .doctor, site: "t1")
        try await pharmacist.call("counter.box.add", ["name": "a", "amount": 1])
        #expect(try await doctor.call("orders.order.place", ["name": "a", "amount": 2])["taken"] == false)
        #expect(try host.sql("SELECT amount FROM counter.box") == [["1"]])
        #expect(try host.sql("SELECT was_taken::text FROM orders.placed") == [["false"]])
    }

    @Test("a module may call only what its manifest's uses names")
    func undeclaredUse() async throws {
        let host = try await self.start()
        let doctor = try await host.client(role: .doctor, site: "t1")
        let refused = await #expect(throws: CallRefused.self) { try await doctor.call("orders.order.peek") }
        #expect(refused?.reason == "host.internal")
    }
}
