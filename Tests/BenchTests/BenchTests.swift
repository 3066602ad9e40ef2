import Bench
import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

struct BenchTests {
    @Test("the module conforms")
    func conforms() async throws {
        try await ModuleConformance.check(BenchModule.self)
    }

    @Test("the rows are loaded once for each site, with the same numbers at each")
    func loads() async throws {
        let host = try await TestHost.start(BenchModule.self)
        for site in ["t1", "t2"] {
            let pharmacist = try await host.client(role: .pharmacist, site: site)
            #expect(try await pharmacist.call("bench.data.load") == ["parties": 20_000])
            #expect(try await pharmacist.call("bench.data.load") == ["parties": 20_000])
            let last = try await pharmacist.call("bench.party.get", ["id": 20_000])
            #expect(last["code"] == "P020000")
            #expect(last["name"] == "Patient 00000")
            #expect(try await pharmacist.call("bench.party.create", ["name": "Zed Newcomer"])["id"] != nil)
        }
        #expect(try host.sql("SELECT count(*), count(DISTINCT site_id) FROM bench.stock_lot") == [["2000", "2"]])
    }

    @Test("a read that shows personal data is answered once its audit row is there; another read leaves none")
    func reads() async throws {
        let host = try await TestHost.start(BenchModule.self)
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        try await pharmacist.call("bench.data.load")
        #expect(try await pharmacist.call("bench.database.ping") == ["one": 1])
        let plain = try await pharmacist.call("bench.party.get", ["id": 1])
        #expect(plain["name"] == "Patient 07919")
        let audited = try await pharmacist.call("bench.party.getAudited", ["id": 1])
        #expect(audited == plain)
        let rows = try host.sql(
            "SELECT method, notes::jsonb->'subjects'->>0 FROM host.audit WHERE method LIKE 'bench.party.%'")
        #expect(rows == [["bench.party.getAudited", plain["uid"]?.stringValue]])
        let refused = await #expect(throws: CallRefused.self) {
            try await pharmacist.call("bench.party.get", ["id": 20_001])
        }
        #expect(refused?.reason == "bench.partyUnknown")
    }

    @Test("a list gives fifty parties in the order of their names")
    func lists() async throws {
        let host = try await TestHost.start(BenchModule.self)
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        try await pharmacist.call("bench.data.load")
        let list = try await pharmacist.call("bench.party.list", ["from": 19_900])["parties"]?.arrayValue
        let names = try #require(list).compactMap { $0["name"]?.stringValue }
        #expect(names.count == 50)
        #expect(names.first == "Patient 19900")
        #expect(names == names.sorted())
        #expect(list?[0]["active"] == true)
        #expect(list?[0]["birth"] != nil)
    }

    @Test(
        "dispensing takes from the lot and leaves a movement and both audit rows; what is refused leaves the lot as it was"
    )
    func dispenses() async throws {
        let host = try await TestHost.start(BenchModule.self)
        let pharmacist = try await host.client(role: .pharmacist, site: "t1")
        try await pharmacist.call("bench.data.load")
        let done = try await pharmacist.call("bench.stock.dispense", ["lot": 7, "party": 3, "quantity": 5])
        #expect(done["onHand"] == 999_999_995)
        #expect(done["number"] == "L7")
        #expect(try host.sql("SELECT lot_id, party_id, qty FROM bench.movement") == [["7", "3", "5"]])
        #expect(try host.sql("SELECT action, ref FROM bench.audit") == [["dispense", "7"]])
        let audits = "SELECT count(*) FROM host.audit WHERE method = 'bench.stock.dispense' AND outcome = 'done'"
        #expect(try host.sql(audits) == [["1"]])
        try host.script("UPDATE bench.stock_lot SET on_hand = 4 WHERE id = 8")
        let refusals: [(JSONValue, String)] = [
            (["lot": 8, "party": 3, "quantity": 5], "bench.insufficientStock"),
            (["lot": 1001, "party": 3, "quantity": 5], "bench.insufficientStock"),
            (["lot": 9, "party": 20_001, "quantity": 5], "bench.partyUnknown"),
        ]
        for (params, reason) in refusals {
            let refused = await #expect(throws: CallRefused.self) {
                try await pharmacist.call("bench.stock.dispense", params)
            }
            #expect(refused?.reason == reason)
        }
        #expect(try host.sql("SELECT count(*) FROM bench.movement") == [["1"]])
        #expect(try host.sql("SELECT on_hand FROM bench.stock_lot WHERE id = 8") == [["4"]])
    }
}
