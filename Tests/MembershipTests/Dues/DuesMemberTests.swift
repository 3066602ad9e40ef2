import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Who owes, who is exempt, and who is in arrears.
struct DuesMemberTests {
    @Test("a waiver needs the next committee, has an end, and is no arrears; a reduction leaves the rest owed")
    func exemptions() async throws {
        let desk = try await DuesDesk.open()
        let (poor, poorer) = (try await desk.member(), try await desk.member())
        func params(_ member: JSONValue, _ more: [String: JSONValue]) -> JSONValue {
            let all: [String: JSONValue] = [
                "memberId": member, "kind": "waiver", "from": "2026-10", "until": "2026-11",
                "requestedOn": "2026-10-08",
                "branchOn": "2026-10-10", "approvedOn": "2026-10-15", "approvedBy": desk.party.committee,
                "document": ["title": "批复"],
            ]
            return .object(all.merging(more) { $1 })
        }
        func refused(_ more: [String: JSONValue]) async throws -> String {
            try await desk.refusal("membership.dues.exempt", params(poor, more)).reason
        }
        #expect(try await refused(["approvedBy": desk.party.branch]) == "membership.duesNotApproved")
        #expect(try await refused(["approvedOn": "2026-10-09"]) == "host.invalidParams")
        #expect(try await refused(["branchOn": "2026-10-07"]) == "host.invalidParams")
        #expect(try await refused(["approvedOn": "2026-11-23"]) == "host.invalidParams")
        #expect(try await refused(["until": "2026-09"]) == "host.invalidParams")
        #expect(try await refused(["kind": "reduction"]) == "host.invalidParams")
        let waiver = try await desk.officer.call("membership.dues.exempt", params(poorer, [:]))
        try await desk.officer.call("membership.dues.exempt", params(poor, ["kind": "reduction", "reducedFen": 200]))
        #expect(try await refused(["from": "2026-11", "until": "2027-01"]) == "membership.duesExemptionOverlaps")
        try await desk.openMonth("2026-10")
        try await desk.openMonth("2026-11")
        try await desk.openMonth("2026-12")
        let october = try await desk.assess("2026-10")
        #expect(october["sums"]?.int("waivedFen") == 9800 && october["sums"]?.int("arrearsFen") == 200)
        try await desk.close("2026-10")
        // It ends before its time: November is owed, October stays.
        let ending: JSONValue = [
            "exemptionId": waiver["exemptionId"] ?? .null, "from": "2026-11", "reason": "困难已解除",
        ]
        #expect(try await desk.officer.call("membership.dues.endExemption", ending)["unchangedMonths"] == [])
        #expect(
            try await desk.refusal("membership.dues.endExemption", ending).reason == "membership.duesExemptionEnded")
        #expect(try await desk.assess("2026-11")["sums"]?.int("waivedFen") == 4800)
        // And has ended by itself in December.
        #expect(try await desk.assess("2026-12")["sums"]?.int("waivedFen") == 0)
        #expect(try await desk.summary("2026-10", "2026-10")["sums"]?.int("waivedFen") == 9800)
        let bases = try await desk.officer.call("membership.duesBase.list", ["memberId": poorer])
        #expect(bases["exemptions"]?[0]?["endedFrom"] == "2026-11")
    }

    @Test(
        "who was admitted owes from the month of the branch meeting, on its last day too; who came on the first owes as well"
    )
    func admission() async throws {
        let desk = try await DuesDesk.open(on: "2028-03-15")
        for joined in ["2028-01-31", "2028-02-01", "2028-02-29", "2028-03-01"] {
            _ = try await desk.member(from: "2028-01", joined: joined, status: "probationary")
        }
        for month in ["2028-01", "2028-02", "2028-03"] { try await desk.openMonth(month) }
        #expect(try await desk.assess("2028-01")["sums"]?.int("lines") == 1)
        #expect(try await desk.assess("2028-02")["sums"]?.int("lines") == 3)
        #expect(try await desk.assess("2028-03")["sums"]?.int("lines") == 4)
    }

    @Test("a month is paid where the member is on the first; a move on the second changes the next month")
    func moves() async throws {
        let desk = try await DuesDesk.open(on: "2026-11-22")
        let other = try await desk.party.organization("branch", below: desk.party.committee)
        let (early, late) = (try await desk.member(), try await desk.member())
        func move(_ member: JSONValue, _ day: String) async throws {
            try await desk.officer.call(
                "membership.member.assign", ["memberId": member, "organizationId": other, "on": .string(day)])
        }
        for month in ["2026-10", "2026-11"] {
            try await desk.openMonth(month)
            try await desk.openMonth(month, of: other)
            try await desk.assess(month)
        }
        try await desk.pay(early, 5000, month: "2026-11")
        try await move(early, "2026-11-01")
        try await move(late, "2026-11-02")
        // The line follows, with what was paid.
        #expect(try await desk.assess("2026-11", of: other)["sums"]?.int("paidFen") == 5000)
        #expect(try await desk.assess("2026-11")["sums"]?.int("lines") == 1)
        #expect(try await desk.lines("2026-11", of: desk.party.committee).count == 2)
        #expect(try await desk.lines("2026-10").count == 2)
        // A closed month keeps its members, whatever is recorded later.
        try await desk.close("2026-10")
        try desk.host.script(
            """
            INSERT INTO membership.standing (site_id, standing_id, member_id, on_date, change, organization_id, recorded_at, recorded_by)
            SELECT site_id, gen_random_uuid(), member_id, '2026-09-15', 'assigned', '\(other.stringValue ?? "")', now(), member_id
            FROM membership.member WHERE member_id = '\(late.stringValue ?? "")'
            """)
        let elsewhere = try await desk.assess("2026-10", of: other)
        #expect(elsewhere["unassessed"]?[0]?["reason"] == "assessedElsewhere")
        #expect(elsewhere["sums"]?.int("lines") == 0)
    }

    @Test("arrears: a notice after a month, a talk after three, the procedure after six without a good reason")
    func arrears() async throws {
        var desk = try await DuesDesk.open(on: "2026-01-20")
        let (debtor, excused) = (try await desk.member(), try await desk.member())
        let stages = [nil, "notice", "notice", "talk", "talk", "talk", "lapse"]
        for number in 1...7 {
            desk = try await desk.on("2026-0\(number)-20")
            try await desk.openMonth("2026-0\(number)")
            try await desk.assess("2026-0\(number)")
            if number == 4 {
                try await desk.officer.call(
                    "membership.dues.excuse",
                    ["memberId": excused, "from": "2026-03", "until": "2026-03", "reason": "住院治疗"])
            }
            let list =
                try await desk.officer.call(
                    "membership.arrears.list", ["organizationId": desk.party.branch])["members"]?.arrayValue ?? []
            let line = list.first { $0["memberId"] == debtor }
            #expect(line?["stage"]?.stringValue == stages[number - 1], "\(number)")
            #expect(line?["months"]?.arrayValue?.count ?? 0 == number - 1)
            if number == 7 {
                #expect(list.first { $0["memberId"] == excused }?["stage"] == "talk")
                #expect(list.first { $0["memberId"] == excused }?["excusedMonths"] == ["2026-03"])
                #expect(line?["parameter"] == "lapseMonths")
            }
        }
        // On the last day of June the sixth month was not over.
        let before = try await desk.officer.call(
            "membership.arrears.list", ["organizationId": desk.party.branch, "asOf": "2026-06-30"])["members"]
        #expect(before?.arrayValue?.first { $0["memberId"] == debtor }?["stage"] == "talk")
        let page = try await desk.officer.call(
            "membership.arrears.list", ["organizationId": desk.party.branch, "limit": 1])
        let rest = try await desk.officer.call(
            "membership.arrears.list",
            ["organizationId": desk.party.branch, "limit": 1, "after": page["next"] ?? .null])
        #expect(page["members"]?[0]?["memberId"] != rest["members"]?[0]?["memberId"] && rest["next"] == nil)
        desk = try await desk.on("2026-08-31")
        let paid = try await desk.pay(debtor, 35_000)
        #expect(paid["warnings"]?[0]?["months"] == ["2026-01"])
        #expect(paid["parts"]?.arrayValue?.count == 7)
        let after = try await desk.officer.call("membership.arrears.list", ["organizationId": desk.party.branch])
        #expect(after["members"]?.arrayValue?.count == 1)
        let then = try await desk.officer.call(
            "membership.arrears.list", ["organizationId": desk.party.branch, "asOf": "2026-08-30"])
        #expect(then["members"]?.arrayValue?.count == 2)
    }
}
