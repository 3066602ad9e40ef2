import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Members who are away, and what is called to mind.
struct FlowTests {
    @Test("away for less than half a year is a record, for half a year at one place a transfer is due")
    func away() async throws {
        let two = try await TwoBranches.open()
        func start(_ member: JSONValue, _ more: [String: JSONValue]) async throws -> JSONValue {
            let params: [String: JSONValue] = [
                "memberId": member, "toPlace": "西安市某医院", "from": "2026-08-31", "reason": "外出进修",
            ]
            return try await two.here.call("membership.flow.start", .object(params.merging(more) { $1 }))
        }
        let short = try await start(try await two.party.member(), ["expectedUntil": "2027-02-27"])
        #expect(short["transferDueOn"] == "2027-02-28" && short["warnings"] == [])
        let long = try await start(try await two.party.member(), ["expectedUntil": "2027-02-28"])
        #expect(long["warnings"]?[0]?["rule"] == "TRANSFER" && long["warnings"]?[0]?["ruleVersion"] == "1.0")
        let moving = try await start(
            try await two.party.member(), ["expectedUntil": "2028-01-01", "fixedPlace": false])
        #expect(moving["warnings"] == [] && moving["transferDueOn"] == nil)
        let member = try await two.party.member()
        let past = try await start(member, ["from": "2026-05-22", "toOrganizationId": two.other])
        #expect(past["warnings"]?.arrayValue?.count == 1)
        #expect(try await two.counts(on: two.today) == ["4+0", "0+0", "4+0"], "membership stays")
        let listed = try await two.here.call(
            "membership.flow.list", ["organizationId": two.party.branch, "asOf": "2026-11-21"])
        let flows = try #require(listed["flows"]?.arrayValue)
        #expect(flows.count == 4 && flows.allSatisfy { $0["transferDue"] == false && $0["toPlace"] == "西安市某医院" })
        let due = try await two.here.call("membership.transfer.due")["due"]?.arrayValue
        #expect(due?.count == 1 && due?[0]["memberId"] == member && due?[0]["kind"] == "transferDue")
        #expect(due?[0]["dueOn"] == "2026-11-22" && due?[0]["evidence"]?[0]?["on"] == "2026-05-22")
        let later = try await two.here.call("membership.transfer.due", ["asOf": "2027-02-28"])["due"]?.arrayValue
        #expect(later?.count == 3)
        #expect(try await two.there.call("membership.flow.list")["flows"] == [])
        let sealed = try two.host.sql("SELECT count(*) FROM membership.flow WHERE to_place LIKE '%西安%'::bytea")
        #expect(sealed == [["0"]])
    }

    @Test("a member is away by one record at a time, which ends once; a transfer ends it")
    func ending() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        func params(_ from: String) -> JSONValue {
            ["memberId": member, "toPlace": "西安市", "from": .string(from), "reason": "进修"]
        }
        let flow = try #require(try await two.here.call("membership.flow.start", params("2026-10-01"))["flowId"])
        let open = try await two.party.refusal("membership.flow.start", params("2026-11-01"))
        #expect(open.reason == "membership.flowOpen" && open.details?["flowId"] == flow)
        let early = try await two.party.refusal("membership.flow.end", ["flowId": flow, "on": "2026-09-30"])
        #expect(early.reason == "membership.factOutOfOrder")
        try await two.here.call("membership.flow.end", ["flowId": flow, "on": "2026-11-10"])
        let again = try await two.party.refusal("membership.flow.end", ["flowId": flow, "on": "2026-11-11"])
        #expect(again.reason == "membership.flowEnded")
        let overlap = try await two.party.refusal("membership.flow.start", params("2026-11-09"))
        #expect(overlap.details?["earliestOn"] == "2026-11-10")
        let nowhere = try await two.party.refusal(
            "membership.flow.start", ["memberId": member, "from": "2026-11-11", "reason": "进修"])
        #expect(nowhere.details?[0]?["pointer"] == "/toPlace")
        let other = try await two.party.refusal(
            "membership.flow.end", ["flowId": flow, "on": "2026-11-11"], by: two.there)
        #expect(other.reason == "host.notFound")
        try await two.here.call("membership.flow.start", params("2026-11-11"))
        let asOf = try await two.here.call("membership.flow.list", ["asOf": "2026-11-09"])["flows"]?.arrayValue
        #expect(asOf?.count == 1 && asOf?[0]["endedOn"] == "2026-11-10")
        let transfer = try await two.request(["memberId": member])
        try await two.issue(transfer)
        two = try await two.later(days: 1)
        try await two.receive(transfer)
        #expect(try two.host.sql("SELECT count(*) FROM membership.flow_end") == [["2"]])
        #expect(try await two.here.call("membership.flow.list")["flows"] == [])
    }

    @Test("letters that run out are called to mind at both sites at T−30, T−7 and after, and a talk after three months")
    func letters() async throws {
        let two = try await TwoBranches.open()
        let transfer = try await two.request(["memberId": try await two.party.member()])
        let asked = try await two.here.call("membership.transfer.due")["due"]
        #expect(asked?.arrayValue?.count == 1 && asked?[0]?["kind"] == "letterMissing")
        try await two.issue(transfer)
        func due(_ on: String, _ client: TestClient) async throws -> [String] {
            let lines = try await client.call("membership.transfer.due", ["asOf": .string(on)])["due"]?.arrayValue ?? []
            #expect(lines.allSatisfy { $0["transferId"] == transfer })
            return lines.map {
                "\($0["direction"]?.stringValue ?? "") \($0["kind"]?.stringValue ?? "") \($0["stage"]?.stringValue ?? "")"
            }
        }
        // The letter's last day is 2027-02-20.
        #expect(try await due("2027-01-20", two.here) == [])
        #expect(try await due("2027-01-21", two.here) == ["out letterExpiring first"])
        #expect(try await due("2027-02-13", two.there) == ["in letterExpiring second"])
        #expect(try await due("2027-02-21", two.here) == ["out letterExpired overdue"])
        #expect(
            try await due("2027-02-22", two.here) == ["out letterExpired overdue", "out notReceived overdue"])
    }
}
