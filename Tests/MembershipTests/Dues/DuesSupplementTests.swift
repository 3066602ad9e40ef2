import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Supplements of closed months: what is wanting is asked for, and what was wrong is taken back.
struct DuesSupplementTests {
    /// A closed October with somebody who had no base, and November with the same.
    private static func desk() async throws -> (desk: DuesDesk, member: JSONValue) {
        let desk = try await DuesDesk.open(on: "2026-11-02")
        _ = try await desk.member()
        let member = try await desk.member(base: nil)
        try await desk.openMonth("2026-10")
        try await desk.assess("2026-10")
        try await desk.close("2026-10")
        return (desk, member)
    }

    private static func reversing(
        _ desk: DuesDesk, _ member: JSONValue, month: String = "2026-10", reason: String = "当月已在原单位交纳"
    ) -> JSONValue {
        [
            "organizationId": desk.party.branch, "month": .string(month), "memberId": member,
            "reason": .string(reason),
        ]
    }

    private static func lines(_ desk: DuesDesk, _ task: String) async throws -> [JSONValue] {
        let reply = try await desk.officer.call("membership.agenda.list", ["organizationId": desk.party.branch])
        return (reply["lines"]?.arrayValue ?? []).filter { $0["task"] == .string(task) }
    }

    @Test("a wrong supplement is taken back by a counter-entry that names it, and another one takes its place")
    func reversal() async throws {
        let (desk, member) = try await Self.desk()
        let closed = try desk.host.sql("SELECT * FROM membership.dues_closing")
        try await desk.base(member, 5_000_000, from: "2026-10")
        #expect(try await desk.assess("2026-10")["sums"]?.int("dueFen") == 105_000)
        // Corrected, and assessed again: the supplement stays as it is until it is taken back.
        try await desk.base(member, 500_000, from: "2026-10")
        #expect(try await desk.assess("2026-10").int("added") == 0)
        let reversed = try await desk.officer.call(
            "membership.dues.reverseSupplement", Self.reversing(desk, member, reason: "工资多录一位"))
        #expect(reversed.int("version") == 2 && reversed.int("voids") == 1 && reversed.int("reversedFen") == 100_000)
        #expect(try await desk.summary("2026-10", "2026-10")["sums"]?.int("dueFen") == 5000)
        let again = try await desk.refusal("membership.dues.reverseSupplement", Self.reversing(desk, member))
        #expect(again.reason == "membership.duesNotAssessed")
        let shown = try await desk.officer.call(
            "membership.duesLine.list",
            ["organizationId": desk.party.branch, "month": "2026-10", "withReversed": true])
        let line = shown["lines"]?.arrayValue?.first { $0["memberId"] == member }
        #expect(line?["reversedBecause"] == "工资多录一位" && line?.int("dueFen") == 0)
        #expect(try await desk.lines("2026-10").count == 1)
        let anew = try await desk.assess("2026-10")
        #expect(anew.int("added") == 1 && anew["sums"]?.int("dueFen") == 10_000)
        // It may be wrong again.
        try await desk.officer.call("membership.dues.reverseSupplement", Self.reversing(desk, member))
        #expect(try await desk.assess("2026-10")["sums"]?.int("dueFen") == 10_000)
        #expect(
            try desk.host.sql(
                "SELECT version, due_fen, is_void, voids FROM membership.dues_line WHERE is_supplement ORDER BY 1")
                == [
                    ["1", "100000", "f", nil], ["2", "0", "t", "1"], ["3", "5000", "f", nil], ["4", "0", "t", "3"],
                    ["5", "5000", "f", nil],
                ])
        #expect(try desk.host.sql("SELECT * FROM membership.dues_closing") == closed, "what was closed stays")
    }

    @Test("closed lines and lines of open months are not taken back, nor a supplement while a payment stands on it")
    func refusals() async throws {
        let (desk, member) = try await Self.desk()
        let (other, method) = (
            try await desk.lines("2026-10")[0]["memberId"] ?? .null, "membership.dues.reverseSupplement"
        )
        #expect(
            try await desk.refusal(method, Self.reversing(desk, member)).reason == "membership.duesNotAssessed")
        #expect(try await desk.refusal(method, Self.reversing(desk, other)).details?["state"] == "closed")
        #expect(
            try await desk.refusal(method, Self.reversing(desk, other, month: "2026-11")).details?["state"] == "notOpen"
        )
        try await desk.base(member, 500_000, from: "2026-10")
        try await desk.openMonth("2026-11")
        try await desk.assess("2026-11")
        try await desk.assess("2026-10")
        #expect(
            try await desk.refusal(method, Self.reversing(desk, other, month: "2026-11")).details?["state"] == "open")
        let payment = try #require(try await desk.pay(member, 3000, month: "2026-10")["paymentId"])
        let paid = try await desk.refusal(method, Self.reversing(desk, member))
        #expect(paid.reason == "membership.duesExcess" && paid.details?["members"]?[0]?.int("excessFen") == 3000)
        try await desk.officer.call(
            "membership.dues.reversePayment", ["paymentId": payment, "reason": "补充核定有误"])
        try await desk.officer.call(method, Self.reversing(desk, member))
        let sums = try await desk.summary("2026-10", "2026-10")["sums"]
        #expect(sums?.int("dueFen") == 5000 && sums?.int("arrearsFen") == 5000 && sums?.int("paidFen") == 0)
    }

    @Test("no right and no trigger lets a supplement change but by its counter-entry")
    func immutable() async throws {
        let (desk, member) = try await Self.desk()
        try await desk.base(member, 500_000, from: "2026-10")
        try await desk.assess("2026-10")
        func insert(isVoid: Bool, voids: String, reason: String) -> String {
            """
            INSERT INTO membership.dues_line SELECT site_id, month, member_id, version + 1, organization_id, \(isVoid), true,
                category, base_fen, base_version, rate_basis_points, unrounded_fen, \(isVoid ? 0 : 1), 0, exemption_id,
                rule_version, recorded_at, recorded_by, \(voids), '\(reason)'
            FROM membership.dues_line WHERE member_id = '\(member.stringValue ?? "")'
            """
        }
        for (isVoid, voids, reason) in [
            (false, "NULL", ""), (true, "NULL", ""), (true, "version", ""), (true, "NULL", "录错"),
            (false, "version", "录错"),
        ] {
            #expect(throws: (any Error).self, "\(isVoid) \(voids) \(reason)") {
                try desk.host.script(insert(isVoid: isVoid, voids: voids, reason: reason))
            }
        }
        try desk.host.script(insert(isVoid: true, voids: "version", reason: "录错"))
    }

    @Test(
        "who had no base when a month was closed stays in the agenda until the base is set and the month supplemented")
    func wanting() async throws {
        var (desk, member) = try await Self.desk()
        let closing = try desk.host.sql("SELECT member_id, reason FROM membership.dues_unassessed")
        #expect(closing == [[member.stringValue, "noBase"]])
        for day in ["2026-11-02", "2027-06-30"] {
            desk = try await desk.on(day)
            let lines = try await Self.lines(desk, "dues.base")
            #expect(lines.count == 1 && lines[0]["subjectId"] == member && lines[0]["stage"] == "late")
            #expect(lines[0]["method"] == "membership.dues.setBase" && lines[0]["dueOn"] == "2026-10-31")
            #expect(lines[0]["evidence"]?[0]?["on"] == "2026-10-01")
        }
        // The base alone does not do: the month owes its line.
        try await desk.base(member, 500_000, from: "2026-10")
        #expect(try await Self.lines(desk, "dues.base").isEmpty)
        let wanted = try await Self.lines(desk, "dues.supplement")
        #expect(wanted.count == 1 && wanted[0]["method"] == "membership.dues.assess")
        try await desk.assess("2026-10")
        #expect(try await Self.lines(desk, "dues.supplement").isEmpty)
        let sums = try await desk.summary("2026-10", "2026-10")["sums"]
        #expect(sums?.int("dueFen") == 10_000 && sums?.int("arrearsFen") == 10_000)
        // A supplement that is taken back is wanting again.
        try await desk.officer.call("membership.dues.reverseSupplement", Self.reversing(desk, member))
        #expect(try await Self.lines(desk, "dues.supplement").count == 1)
    }

    @Test("whose admission is approved when the month of the branch meeting is closed is asked for (DV-17, DV-20)")
    func late() async throws {
        let (desk, _) = try await Self.desk()
        let before = try await Self.lines(desk, "dues.base").count
        let late = try await desk.member(base: nil, joined: "2026-10-31", status: "probationary")
        let onTime = try await desk.member(base: nil, joined: "2026-11-01", status: "probationary")
        let lines = try await Self.lines(desk, "dues.base")
        #expect(lines.count == before + 1 && lines.contains { $0["subjectId"] == late })
        #expect(!lines.contains { $0["subjectId"] == onTime })
    }

    @Test("of two facts of the day of joining the one recorded later says who owes, as everywhere")
    func oneSource() async throws {
        let desk = try await DuesDesk.open()
        let other = try await desk.party.organization("branch", below: desk.party.committee)
        let member = try await desk.member(from: "2026-11", joined: "2026-11-10", status: "probationary")
        // Its id lies before that of the enrolment, as may be with ids of one call.
        try desk.host.script(
            """
            INSERT INTO membership.standing (site_id, standing_id, member_id, on_date, change, organization_id, recorded_at, recorded_by)
            SELECT site_id, '00000000-0000-7000-8000-000000000001', member_id, '2026-11-10', 'assigned',
                '\(other.stringValue ?? "")', now(), member_id
            FROM membership.member WHERE member_id = '\(member.stringValue ?? "")'
            """)
        for branch in [desk.party.branch, other] { try await desk.openMonth("2026-11", of: branch) }
        #expect(try await desk.assess("2026-11")["sums"]?.int("lines") == 0)
        #expect(try await desk.assess("2026-11", of: other)["sums"]?.int("lines") == 1)
        // Day by day the same as where everybody stands.
        let owing = try desk.host.sql(
            """
            SELECT branch.organization_id, owing.member_id
            FROM membership.organization AS branch CROSS JOIN membership.member AS one
            CROSS JOIN LATERAL membership.dues_owing(one.site_id, branch.organization_id, '2026-11-01') AS owing
            WHERE branch.organization_id <> '\(desk.party.committee.stringValue ?? "")'
            """)
        #expect(owing == [[other.stringValue, member.stringValue]])
    }
}
