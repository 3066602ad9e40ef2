import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// A branch's months of dues, through the wire.
struct DuesTests {
    @Test("a quote is what the contract says")
    func quote() async throws {
        let desk = try await DuesDesk.open()
        let amounts = [(300_000, 1500), (300_001, 3000), (500_000, 5000), (1_000_000, 15_000), (1_000_001, 20_000)]
        for (base, due) in amounts {
            let reply = try await desk.officer.call(
                "membership.dues.quote", ["category": "salaried", "baseFen": .integer(Int64(base)), "on": "2026-11-01"])
            #expect(reply.int("dueFen") == Int64(due) && reply["rule"] == "DUES")
        }
        let unfit = try await desk.refusal("membership.dues.quote", ["category": "farmer", "baseFen": 0])
        #expect(unfit.reason == "host.invalidParams")
    }

    @Test("a month is opened, assessed, paid and closed: due = paid + waived + arrears")
    func month() async throws {
        let desk = try await DuesDesk.open()
        let (one, two, third) = (try await desk.member(), try await desk.member(base: 300_001), try await desk.member(base: nil))
        try await desk.openMonth("2026-11")
        let assessed = try await desk.assess("2026-11")
        #expect(assessed.int("added") == 2)
        #expect(assessed["sums"]?.int("dueFen") == 8000)
        #expect(assessed["unassessed"]?.arrayValue?.count == 1)
        #expect(assessed["unassessed"]?[0]?["memberId"] == third)
        #expect(assessed["unassessed"]?[0]?["reason"] == "noBase")
        // Again: nothing new.
        #expect(try await desk.assess("2026-11").int("added") == 0)
        #expect(try await desk.pay(one, 5000).int("openFen") == 0)
        #expect(try await desk.pay(two, 1000, month: "2026-11").int("openFen") == 2000)
        let closed = try await desk.close("2026-11")
        #expect(closed["sums"]?.int("paidFen") == 6000)
        #expect(closed["sums"]?.int("arrearsFen") == 2000)
        #expect(closed["warnings"]?.arrayValue?.count == 1)
        // Arrears that are paid later are a back-payment; what the month was closed with stays.
        let later = try await desk.pay(two, 2000)
        #expect(later["parts"]?[0]?["backPayment"] == true)
        let line = try #require(try await desk.lines("2026-11").first { $0["memberId"] == two })
        #expect(line.int("laterFen") == 2000 && line.int("arrearsFen") == 0 && line.int("closedArrearsFen") == 2000)
        let months = try await desk.officer.call("membership.duesMonth.list", ["organizationId": desk.party.branch])
        #expect(months["months"]?[0]?.int("arrearsFen") == 2000)
        #expect(months["months"]?[0]?["state"] == "closed")
        let sums = try await desk.summary("2026-01", "2026-12", of: desk.party.committee)
        #expect(sums["sums"]?.int("paidFen") == 8000 && sums["sums"]?.int("laterFen") == 2000)
        // Who told the base too late gets a supplement; nobody else's line changes.
        try await desk.base(third, 300_000, from: "2026-11")
        try await desk.base(one, 1_000_000, from: "2026-11")
        let supplement = try await desk.assess("2026-11")
        #expect(supplement.int("added") == 1)
        #expect(supplement["sums"]?.int("dueFen") == 9500)
        #expect(try await desk.lines("2026-11").first { $0["memberId"] == third }?["supplement"] == true)
        let payments = try await desk.officer.call("membership.duesPayment.list", ["memberId": two])
        #expect(payments["payments"]?.arrayValue?.count == 2)
    }

    @Test("months are opened and closed in their order, and not beyond this quarter")
    func order() async throws {
        let desk = try await DuesDesk.open()
        func opening(_ month: String) async throws -> CallRefused {
            try await desk.refusal(
                "membership.dues.openMonth", ["organizationId": desk.party.branch, "month": .string(month)])
        }
        #expect(try await opening("2027-01").reason == "membership.duesMonthOutOfOrder")
        try await desk.openMonth("2026-10")
        let gap = try await opening("2026-12")
        #expect(gap.reason == "membership.duesMonthOutOfOrder" && gap.details?["month"] == "2026-11")
        #expect(try await opening("2026-10").details?["state"] == "open")
        #expect(try await opening("2026-09").details?["month"] == "2026-11")
        #expect(try await opening("2026-13").reason == "host.invalidParams")
        try await desk.openMonth("2026-11")
        try await desk.openMonth("2026-12")
        func closing(_ month: String) async throws -> CallRefused {
            try await desk.refusal(
                "membership.dues.closeMonth", ["organizationId": desk.party.branch, "month": .string(month)])
        }
        #expect(try await closing("2026-11").details?["month"] == "2026-10")
        #expect(try await closing("2026-12").reason == "host.invalidParams")
        #expect(try await closing("2026-09").details?["state"] == "notOpen")
        try await desk.close("2026-10")
        #expect(try await closing("2026-10").details?["state"] == "closed")
        #expect(try await opening("2026-10").details?["state"] == "closed")
        let group = try await desk.party.organization("group", below: desk.party.branch)
        for organization in [group, desk.party.committee] {
            let refused = try await desk.refusal(
                "membership.dues.assess", ["organizationId": organization, "month": "2026-11"])
            #expect(["membership.duesNotABranch", "host.notFound"].contains(refused.reason))
        }
    }

    @Test("more than is owed is refused with the sum, and goes into the voluntary ledger where it is declared")
    func voluntary() async throws {
        let desk = try await DuesDesk.open()
        let member = try await desk.member()
        try await desk.openMonth("2026-11")
        let early = try await desk.refusal("membership.dues.pay", desk.paying(member, 5000, month: "2026-11"))
        #expect(early.reason == "membership.duesNotAssessed")
        try await desk.assess("2026-11")
        let refused = try await desk.refusal("membership.dues.pay", desk.paying(member, 5001))
        #expect(refused.reason == "membership.duesOverpaid")
        #expect(refused.details?.int("dueFen") == 5000 && refused.details?.int("excessFen") == 1)
        let small = try await desk.pay(member, 104_999, voluntary: true)
        #expect(small.int("voluntaryFen") == 99_999 && small["forCentre"] == false)
        let gift = try await desk.officer.call(
            "membership.dues.donate", ["memberId": member, "amountFen": 100_000, "on": "2026-11-22", "note": "自愿"])
        #expect(gift["forCentre"] == true)
        func list() async throws -> JSONValue {
            try await desk.officer.call(
                "membership.voluntaryPayment.list",
                ["organizationId": desk.party.branch, "from": "2026-01-01", "until": "2026-11-22"])
        }
        #expect(try await list().int("voluntaryFen") == 199_999)
        #expect(try await list().int("forCentreFen") == 100_000)
        let published = try await desk.officer.call(
            "membership.dues.publish", ["organizationId": desk.party.branch, "year": 2026, "on": "2026-11-22"])
        #expect(published.int("voluntaryFen") == 199_999 && published.int("forCentreFen") == 100_000)
        #expect(published["sums"]?.int("paidFen") == 5000 && published.int("version") == 1)
        // The payment taken back takes its voluntary rest along.
        let payment = try #require(small["paymentId"])
        try await desk.officer.call(
            "membership.dues.reversePayment", ["paymentId": payment, "reason": "金额录错"])
        #expect(try await list().int("voluntaryFen") == 100_000)
        #expect(try await desk.pay(member, 5000).int("settledFen") == 5000)
        let again = try await desk.refusal(
            "membership.dues.reversePayment", ["paymentId": payment, "reason": "金额录错"])
        #expect(again.details?["state"] == "reversed")
    }

    @Test("a lower base after a payment keeps the month open until the payment is booked anew; a closed payment stays")
    func excess() async throws {
        let desk = try await DuesDesk.open()
        let member = try await desk.member()
        try await desk.openMonth("2026-11")
        try await desk.assess("2026-11")
        let payment = try #require(try await desk.pay(member, 5000)["paymentId"])
        try await desk.base(member, 300_000, from: "2026-11")
        let assessed = try await desk.assess("2026-11")
        #expect(assessed["overpaid"]?[0]?.int("excessFen") == 3500)
        let month: JSONValue = ["organizationId": desk.party.branch, "month": "2026-11"]
        #expect(try await desk.refusal("membership.dues.closeMonth", month).reason == "membership.duesExcess")
        try await desk.officer.call("membership.dues.reversePayment", ["paymentId": payment, "reason": "基数更正"])
        let anew = try #require(try await desk.pay(member, 1500)["paymentId"])
        try await desk.close("2026-11")
        let settled = try await desk.refusal(
            "membership.dues.reversePayment", ["paymentId": anew, "reason": "录错"])
        #expect(settled.details?["state"] == "closed" && settled.details?["months"]?[0] == "2026-11")
        #expect(try await desk.base(member, 400_000, from: "2026-11")["unchangedMonths"] == ["2026-11"])
        #expect(try await desk.assess("2026-11").int("added") == 0)
    }

    @Test("no right and no trigger lets a closed month change")
    func immutable() async throws {
        let desk = try await DuesDesk.open()
        let member = try await desk.member()
        try await desk.openMonth("2026-11")
        try await desk.assess("2026-11")
        try await desk.close("2026-11")
        let ledgers = ["dues_line", "dues_closing", "dues_closed_line", "dues_payment", "dues_part", "voluntary_payment"]
        for table in ledgers {
            let rights = try desk.host.sql(
                """
                SELECT DISTINCT privilege_type FROM information_schema.role_table_grants
                WHERE table_schema = 'membership' AND table_name = '\(table)' AND grantee LIKE '%membership%'
                    AND privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE') AND grantee NOT LIKE '%owner%'
                ORDER BY 1
                """)
            #expect(rights == [["INSERT"], ["SELECT"]], "\(table)")
        }
        let version = """
            INSERT INTO membership.dues_line SELECT site_id, month, member_id, version + 1, organization_id, is_void,
                %, category, base_fen, base_version, rate_basis_points, unrounded_fen, 1, 0, exemption_id, rule_version,
                recorded_at, recorded_by FROM membership.dues_line WHERE member_id = '\(member.stringValue ?? "")'
            """
        for isSupplement in ["true", "false"] {
            #expect(throws: (any Error).self) {
                try desk.host.script(version.replacing("%", with: isSupplement))
            }
        }
        #expect(try desk.host.sql("SELECT count(*) FROM membership.dues_line") == [["1"]])
    }

    @Test("a waiver needs the next committee, has an end, and is no arrears; a reduction leaves the rest owed")
    func exemptions() async throws {
        let desk = try await DuesDesk.open()
        let (poor, poorer) = (try await desk.member(), try await desk.member())
        func params(_ member: JSONValue, _ more: [String: JSONValue]) -> JSONValue {
            let all: [String: JSONValue] = [
                "memberId": member, "kind": "waiver", "from": "2026-10", "until": "2026-11", "requestedOn": "2026-10-08",
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
        #expect(try await desk.refusal("membership.dues.endExemption", ending).reason == "membership.duesExemptionEnded")
        #expect(try await desk.assess("2026-11")["sums"]?.int("waivedFen") == 4800)
        // And has ended by itself in December.
        #expect(try await desk.assess("2026-12")["sums"]?.int("waivedFen") == 0)
        #expect(try await desk.summary("2026-10", "2026-10")["sums"]?.int("waivedFen") == 9800)
        let bases = try await desk.officer.call("membership.duesBase.list", ["memberId": poorer])
        #expect(bases["exemptions"]?[0]?["endedFrom"] == "2026-11")
    }

    @Test("who was admitted owes from the month of the branch meeting, on its last day too; who came on the first owes as well")
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
            let list = try await desk.officer.call(
                "membership.arrears.list", ["organizationId": desk.party.committee])["members"]?.arrayValue ?? []
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
