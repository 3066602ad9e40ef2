import Foundation
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("A retry after a dropped line does not double the effect")
struct IdempotencyTests {
    @Test("the same key and content give the same reply; other content is a conflict; a new key is a new action")
    func sameKey() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        let first = try await client.call("counter.box.add", ["name": "a", "amount": 5], key: "k1")
        let second = try await client.call("counter.box.add", ["amount": 5, "name": "a"], key: "k1")
        #expect(first == second)
        let refused = await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.add", ["name": "a", "amount": 6], key: "k1")
        }
        #expect(refused?.reason == "host.idempotencyConflict")
        try await client.call("counter.box.add", ["name": "a", "amount": 5], key: "k2")
        #expect(try host.sql("SELECT amount FROM counter.box") == [["10"]])
    }

    @Test("a refused call is judged anew")
    func refusedAnew() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        await #expect(throws: CallRefused.self) {
            try await client.call("counter.box.add", ["name": "a", "amount": -1], key: "k")
        }
        try await client.call("counter.box.add", ["name": "a", "amount": 3])
        let reply = try await client.call("counter.box.add", ["name": "a", "amount": -1], key: "k")
        #expect(reply["amount"] == 2)
    }

    @Test("the key is the caller's own and the site's own")
    func scope() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let one = try await host.client(role: .pharmacist, site: "t1")
        let other = try await host.client(role: .pharmacist, site: "t1")
        try await one.call("counter.box.add", ["name": "a", "amount": 1], key: "k")
        try await other.call("counter.box.add", ["name": "a", "amount": 1], key: "k")
        #expect(try host.sql("SELECT amount FROM counter.box") == [["2"]])
    }

    @Test("stored replies are encrypted")
    func encrypted() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        try await client.call("counter.box.add", ["name": "findme", "amount": 1], key: "k")
        let stored = try host.sql(
            "SELECT position(convert_to('findme', 'UTF8') IN reply)::text, length(reply) > 32 FROM host.idempotency")
        #expect(stored == [["0", "t"]])
    }

    @Test("the same key from 50 threads at once has one effect and 50 equal replies")
    func race() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        let replies = Racing.run(50) {
            try Racing.retrying { try client.callAndWait("counter.box.add", ["name": "a", "amount": 1], key: "once") }
        }
        #expect(replies.count == 50)
        #expect(Set(replies.compactMap { try? $0.get() }) == [["name": "a", "amount": 1]])
        #expect(try host.sql("SELECT amount FROM counter.box") == [["1"]])
    }

    @Test("a one-time password is never stored: a repeated call gets its reply without it")
    func secrets() async throws {
        let host = try await TestHost.start(CounterModule.self)
        let admin = try await host.client(role: .siteAdmin, site: "t1")
        let params: JSONValue = ["account": "nurse.one", "roles": [["role": "nurse", "site": "t1"]]]
        let first = try await admin.call("accounts.create", params, key: "k")
        #expect(first["oneTimePassword"]?.stringValue?.isEmpty == false)
        let second = try await admin.call("accounts.create", params, key: "k")
        #expect(second == ["account": "nurse.one"])
    }
}
