import Foundation
import Testing
import XinglinKit
import XinglinTesting

@testable import XinglinHost

@Suite("What auditors read")
struct AuditMethodTests {
    private func rows(_ client: TestClient, _ params: JSONValue = [:]) async throws -> [JSONValue] {
        try await client.call("audit.list", params)["rows"]?.arrayValue ?? []
    }

    @Test("An auditor reads the rows of the sites of the grant, and one of every site those without a site too")
    func reach() async throws {
        let harness = try await AuditHarness.filled()
        let town = try await harness.host.client(role: .auditor, site: "t1")
        let county = try await harness.host.client(role: .auditor, site: "county", reach: .subtree)
        let inTown = try await self.rows(town)
        #expect(inTown.count == 10)
        #expect(Set(inTown.compactMap { $0["site"]?.stringValue }) == ["t1"])
        #expect(inTown.compactMap { $0["account"]?.stringValue }.allSatisfy { $0 == harness.first.account })
        #expect(inTown.compactMap { $0["number"]?.integerValue } == (1...10).reversed().map { Int64($0) })
        let inCounty = try await self.rows(county)
        #expect(inCounty.contains { $0["site"]?.stringValue == "t2" })
        #expect(inCounty.contains { $0["method"]?.stringValue == "session.login" && $0["site"] == nil })
        let foreign = await refusal { _ = try await town.call("audit.list", ["site": "t2"]) }
        #expect(foreign?.reason == "host.forbidden")
        let unknown = await refusal { _ = try await town.call("audit.list", ["site": "nowhere"]) }
        #expect(unknown?.reason == "host.siteUnknown")
        for method in ["audit.list", "audit.status", "audit.checkpoints.list"] {
            let refused = await refusal { _ = try await harness.first.call(method) }
            #expect(refused?.reason == "host.forbidden", "\(method)")
        }
    }

    @Test("Rows are found by site, account, method, reason and time, page by page without a gap")
    func filters() async throws {
        let harness = try await AuditHarness.filled()
        let auditor = try await harness.host.client(role: .auditor, site: "county", reach: .subtree)
        await #expect(throws: CallRefused.self) {
            try await harness.second.call("counter.box.add", ["name": "empty", "amount": -1])
        }
        let refused = try await self.rows(auditor, ["reason": "counter.empty"])
        #expect(refused.map { $0["outcome"]?.stringValue } == ["refused"])
        #expect(refused.first?["site"] == "t2")
        let mine = try await self.rows(auditor, ["account": .string(harness.first.account)])
        #expect(mine.filter { $0["method"] == "counter.box.add" }.count == 10)
        #expect(try await self.rows(auditor, ["site": "t1", "method": "counter.box.list"]).isEmpty)
        let middle = try #require(mine.filter { $0["method"] == "counter.box.add" }[5]["at"])
        let early = try await self.rows(auditor, ["site": "t1", "to": middle])
        let late = try await self.rows(auditor, ["site": "t1", "from": middle])
        #expect(early.count == 4)
        #expect(late.count == 6)
        let nobody = await refusal { _ = try await auditor.call("audit.list", ["account": "nobody-of-that-name"]) }
        #expect(nobody?.reason == "host.notFound")

        var numbers: [Int64] = []
        var after: JSONValue = .null
        repeat {
            let page = try await auditor.call("audit.list", ["site": "t1", "limit": 3, "after": after])
            numbers += (page["rows"]?.arrayValue ?? []).compactMap { $0["number"]?.integerValue }
            after = page["next"] ?? .null
        } while after != .null
        #expect(numbers == (1...10).reversed().map { Int64($0) })
        let strange = await refusal { _ = try await auditor.call("audit.list", ["after": "x"]) }
        #expect(strange?.reason == "host.invalidParams")
    }

    @Test("Reading the audit stands in the audit, with what was asked for")
    func audited() async throws {
        let harness = try await AuditHarness.filled()
        let auditor = try await harness.host.client(role: .auditor, site: "county", reach: .subtree)
        _ = try await self.rows(auditor, ["account": .string(harness.first.account), "site": "t1"])
        let reads = try await self.rows(auditor, ["account": .string(auditor.account), "method": "audit.list"])
        #expect(reads.count == 1)
        #expect(reads.first?["notes"]?["basis"] == "audit")
        #expect(reads.first?["notes"]?["filter"]?["site"] == "t1")
        #expect(reads.first?["notes"]?["filter"]?["account"]?.stringValue == harness.first.account)
    }

    @Test("The status tells chains of the caller's sites, what waits, and the last checkpoint")
    func status() async throws {
        let harness = try await AuditHarness.filled()
        let town = try await harness.host.client(role: .auditor, site: "t1")
        let county = try await harness.host.client(role: .auditor, site: "county", reach: .subtree)
        let inTown = try await town.call("audit.status")
        #expect(inTown["chains"]?.arrayValue?.compactMap { $0["site"]?.stringValue } == ["t1"])
        #expect(inTown["chains"]?[0]?["number"] == 10)
        let inCounty = try await county.call("audit.status")
        #expect(inCounty["chains"]?.arrayValue?.count == 3)
        let newest = try #require(try harness.checkpoints().last?.checkpoint)
        #expect(inCounty["lastCheckpoint"]?["digest"]?.stringValue == newest.digest)
        let list = try await county.call("audit.checkpoints.list", ["limit": 2])
        #expect(list["checkpoints"]?.arrayValue?.count == 2)
        let further = try await county.call("audit.checkpoints.list", ["after": list["next"] ?? .null])
        #expect(further["checkpoints"]?[0]?["number"]?.integerValue == newest.number - 2)
    }
}
