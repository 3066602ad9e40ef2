import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Connections keep the scope of their last call")
struct SessionScopeTests {
    @Test("whatever call came before on a connection, each sees the rows of its own site and no others")
    func anyOrder() async throws {
        // Few connections, so that calls of all kinds follow each other on each.
        let host = try await TestHost.start(CounterModule.self, OrderModule.self)
        let sites = ["t1", "t2", "county"]
        var clients: [String: TestClient] = [:]
        for site in sites { clients[site] = try await host.client(role: .pharmacist, site: site) }
        var model: [String: [String: Int64]] = [:]
        let seed = UInt64.random(in: 1...UInt64.max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for step in 0..<400 {
            let site = sites.randomElement(using: &random) ?? "t1"
            let client = try #require(clients[site])
            let name = ["a", "b"].randomElement(using: &random) ?? "a"
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                // Refused by a constraint, with a ROLLBACK and an audit row behind it.
                await #expect(throws: CallRefused.self) {
                    try await client.call("counter.box.add", ["name": .string(name), "amount": -1_000_000])
                }
            case 1:
                // With a key, whose table is the host's; sent twice, done once.
                for _ in 0..<2 {
                    _ = try await client.call(
                        "counter.box.add", ["name": .string(name), "amount": 1], key: "step-\(step)")
                }
                model[site, default: [:]][name, default: 0] += 1
            case 2:
                _ = try await client.call("counter.box.add", ["name": .string(name), "amount": 1])
                model[site, default: [:]][name, default: 0] += 1
            default:
                let boxes = try await client.call("counter.box.list")["boxes"]?.arrayValue ?? []
                let seen = boxes.map { ($0["name"]?.stringValue ?? "", $0["amount"]?.integerValue ?? -1) }
                #expect(
                    Dictionary(seen, uniquingKeysWith: { _, _ in -2 }) == model[site] ?? [:], "step \(step) at \(site)")
            }
        }
    }

    @Test("a read after a write on the same connection still cannot write")
    func readStaysReadOnly() async throws {
        let host = try await TestHost.start(CounterModule.self, OrderModule.self)
        let client = try await host.client(role: .pharmacist, site: "t1")
        for round in 0..<12 {
            _ = try await client.call("counter.box.add", ["name": "a", "amount": 1])
            await #expect(throws: CallRefused.self) {
                try await client.call("counter.box.writeInRead", ["name": "a", "amount": 1])
            }
            #expect(try host.sql("SELECT amount FROM counter.box") == [["\(round + 1)"]])
        }
    }
}
