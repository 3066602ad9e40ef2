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
        let (one, two, third) = (
            try await desk.member(), try await desk.member(base: 300_001), try await desk.member(base: nil)
        )
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
        let ledgers = [
            "dues_line", "dues_closing", "dues_closed_line", "dues_payment", "dues_part", "voluntary_payment",
        ]
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
}
