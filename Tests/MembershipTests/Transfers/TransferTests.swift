import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// The handshake of a transfer between two sites (domain rules 2.1).
struct TransferTests {
    @Test("a member moves by request, letter and receipt, and is counted in exactly one branch on each day")
    func handshake() async throws {
        let two = try await TwoBranches.open()
        _ = try await two.party.member()
        let member = try await two.party.member()
        let transfer = try await two.request(["memberId": member])
        let letter = try await two.here.call(
            "membership.transfer.issueLetter",
            [
                "transferId": transfer, "letterNumber": "陕党转〔2026〕0012号", "validDays": 60,
                "paper": ["title": "组织关系介绍信"],
            ])
        #expect(letter["state"] == "letterIssued" && letter["expiresOn"] == "2027-01-21")
        #expect(letter["hintZh"]?.stringValue?.contains("不开具正式介绍信") == true)
        let later = try await two.later(days: 10)
        let arrived = try await later.there.call("membership.transfer.list", ["direction": "in"])["transfers"]?[0]
        #expect(arrived?["state"] == "letterIssued" && arrived?["letterNumber"] == "陕党转〔2026〕0012号")
        #expect(arrived?["name"]?.stringValue?.hasPrefix("测*") == true, "it is masked")
        let shown = try await later.there.call(
            "membership.transfer.get", ["transferId": transfer, "unmask": ["purpose": "transfer"]])
        #expect(shown["transfer"]?["name"]?.stringValue?.hasPrefix("测试") == true)
        #expect(shown["memberStatus"] == "full" && shown["joinedOn"] == "2015-06-30" && shown["papers"] == [])
        #expect(shown["letters"]?[0]?["title"] == "组织关系介绍信")
        // Two days ago, as the branch's minutes have it.
        let receipt = later.today.adding(days: -2)
        let received = try await later.receive(transfer, on: receipt)
        #expect(received["state"] == "received" && received["memberId"] == member)
        for offset in -14...0 {
            let day = later.today.adding(days: offset)
            let expected = day < receipt ? ["2+0", "0+0", "2+0"] : ["1+0", "1+0", "2+0"]
            #expect(try await later.counts(on: day) == expected, "\(day)")
        }
        #expect(try later.claims() == [["t1", "member"], ["t2", "member"]])
        let left = try await later.here.call("membership.member.get", ["memberId": member])
        #expect(left["status"] == "ended" && left["statusSince"] == .string(receipt.description))
        let here = try await later.there.call(
            "membership.member.get", ["memberId": member, "unmask": ["purpose": "organizationWork"]])
        #expect(here["status"] == "full" && here["organizationId"] == two.other && here["joinedOn"] == "2015-06-30")
        #expect(here["statusSince"] == "2016-06-30" && here["standingFrom"] == "2016-06-30")
        #expect(here["name"]?.stringValue?.hasPrefix("测试") == true, "the person is registered there")
        let facts = try #require(here["facts"]?.arrayValue)
        #expect(facts.filter { $0["copied"] == true }.count == 2 && facts.count == 3)
    }

    @Test("a letter is good on its last day and not a day later, whether the job ran or not; another one may follow")
    func expiry() async throws {
        var two = try await TwoBranches.open()
        let members = [try await two.party.member(), try await two.party.member()]
        let first = try await two.request(["memberId": members[0]])
        let second = try await two.request(["memberId": members[1]])
        try await two.issue(first, days: 30)
        try await two.issue(second, days: 30)
        two = try await two.on(dated("2026-12-22"))
        #expect(try await two.receive(first)["state"] == "received")
        two = try await two.on(dated("2026-12-23"))
        for method in ["receive", "sendBack"] {
            let params: JSONValue =
                method == "receive"
                ? TwoBranches.receipt(second, on: dated("2026-12-22")) : ["transferId": second, "reason": "材料不全"]
            let refused = try await two.party.refusal("membership.transfer.\(method)", params, by: two.there)
            #expect(refused.reason == "membership.transferExpired" && refused.details?["expiresOn"] == "2026-12-22")
        }
        func state() throws -> [[String?]] {
            try two.host.sql("SELECT state FROM membership.transfer WHERE state <> 'received'")
        }
        let listed = try await two.here.call("membership.transfer.list", ["state": "expired"])
        #expect(listed["transfers"]?[0]?["transferId"] == second)
        #expect(try state() == [["letterIssued"]])
        let admin = try await two.host.client(role: .siteAdmin, site: "t1")
        try await admin.call("jobs.run", ["job": "membership.transferExpiry", "site": "t1"])
        try two.host.doJobs()
        #expect(try state() == [["expired"]])
        #expect(try await two.issue(second, days: 1)["expiresOn"] == "2026-12-24")
        two = try await two.on(dated("2026-12-24"))
        try await two.receive(second)
        let shown = try await two.here.call("membership.transfer.get", ["transferId": second])
        #expect(shown["letters"]?.arrayValue?.count == 2)
        #expect(try await two.counts(on: dated("2026-12-24")) == ["0+0", "2+0", "2+0"])
        #expect(try await two.counts(on: dated("2026-12-23")) == ["1+0", "1+0", "2+0"])
        #expect(try await two.counts(on: dated("2026-12-21")) == ["2+0", "0+0", "2+0"])
    }

    @Test("what is sent back or withdrawn leaves the person where they are, and may be asked for again")
    func endings() async throws {
        let two = try await TwoBranches.open()
        let member = try await two.party.member()
        let first = try await two.request(["memberId": member])
        let early = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(first, on: two.today), by: two.there)
        #expect(early.reason == "membership.transferStateConflict" && early.details?["state"] == "requested")
        try await two.issue(first)
        try await two.there.call("membership.transfer.sendBack", ["transferId": first, "reason": "缺少介绍信扫描件"])
        let back = try await two.here.call("membership.transfer.get", ["transferId": first])["transfer"]
        #expect(back?["state"] == "returned" && back?["returnReason"] == "缺少介绍信扫描件")
        let second = try await two.request(["memberId": member])
        try await two.issue(second)
        try await two.here.call("membership.transfer.withdraw", ["transferId": second])
        let late = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(second, on: two.today), by: two.there)
        #expect(late.reason == "membership.transferStateConflict" && late.details?["state"] == "withdrawn")
        let again = try await two.party.refusal("membership.transfer.withdraw", ["transferId": second])
        #expect(again.reason == "membership.transferStateConflict")
        let third = try await two.request(["memberId": member])
        let twice = try await two.party.refusal(
            "membership.transfer.request",
            ["memberId": member, "toOrganizationId": two.other, "reason": "工作调动", "on": "2026-11-22"])
        #expect(twice.reason == "membership.transferUnderWay")
        try await two.here.call("membership.transfer.withdraw", ["transferId": third])
        #expect(try await two.counts(on: two.today) == ["1+0", "0+0", "1+0"])
        #expect(try two.claims() == [["t1", "member"]])
    }

    @Test("each step is its side's, and a third site sees nothing")
    func sides() async throws {
        let two = try await TwoBranches.open()
        let transfer = try await two.request(["memberId": try await two.party.member()])
        try await two.issue(transfer)
        let steps: [(String, JSONValue, TestClient)] = [
            ("receive", TwoBranches.receipt(transfer, on: two.today), two.here),
            ("sendBack", ["transferId": transfer, "reason": "无"], two.here),
            ("withdraw", ["transferId": transfer], two.there), ("issueLetter", ["transferId": transfer], two.there),
        ]
        for (step, params, client) in steps {
            let refused = try await two.party.refusal("membership.transfer.\(step)", params, by: client)
            #expect(refused.reason == "membership.transferOtherSide", "\(step)")
            let unknown = try await two.party.refusal("membership.transfer.\(step)", params, by: two.stranger)
            #expect(unknown.reason == "host.notFound", "\(step)")
        }
        let unknown = try await two.party.refusal("membership.transfer.get", ["transferId": transfer], by: two.stranger)
        #expect(unknown.reason == "host.notFound")
        #expect(try await two.stranger.call("membership.transfer.list")["transfers"] == [])
        #expect(try await two.stranger.call("membership.transfer.due", ["asOf": "2027-03-01"])["due"] == [])
        let above = try await two.party.committeeOfficer.call("membership.transfer.list")["transfers"]?[0]
        #expect(above?["transferId"] == transfer && above?["direction"] == nil, "who reads both sites sees it")
        #expect(try await two.here.call("membership.transfer.list", ["direction": "in"])["transfers"] == [])
        #expect(try await two.there.call("membership.transfer.list", ["direction": "out"])["transfers"] == [])
        for role in [Role.doctor, .pharmacist, .siteAdmin, .statistician] {
            let client = try await two.host.client(role: role, site: "t1")
            let refused = try await two.party.refusal("membership.transfer.list", [:], by: client)
            #expect(refused.reason == "host.forbidden")
        }
    }

    @Test("what cannot be is refused with the field or the rule named")
    func refusals() async throws {
        var two = try await TwoBranches.open()
        let member = try await two.party.member()
        func refused(_ more: [String: JSONValue]) async throws -> CallRefused {
            let params: [String: JSONValue] = [
                "memberId": member, "toOrganizationId": two.other, "reason": "工作调动", "on": "2026-11-22",
            ]
            return try await two.party.refusal("membership.transfer.request", .object(params.merging(more) { $1 }))
        }
        #expect(try await refused(["toOrganizationId": two.party.branch]).reason == "membership.transferWithinSite")
        #expect(try await refused(["toOrganizationId": two.party.committee]).reason == "membership.notABranch")
        #expect(try await refused(["on": "2026-11-23"]).details?[0]?["pointer"] == "/on")
        #expect(try await refused(["on": "2015-06-29"]).details?[0]?["pointer"] == "/on")
        #expect(try await refused(["candidateId": member]).details?[0]?["pointer"] == "/memberId")
        #expect(try await refused(["memberId": two.other]).reason == "host.notFound")
        let transfer = try await two.request(["memberId": member])
        func letter(_ more: [String: JSONValue]) async throws -> CallRefused {
            try await two.party.refusal(
                "membership.transfer.issueLetter", .object(["transferId": transfer].merging(more) { $1 }))
        }
        let before = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(transfer, on: two.today), by: two.there)
        #expect(before.reason == "membership.transferStateConflict")
        #expect(try await letter(["on": "2026-11-21"]).details?[0]?["pointer"] == "/on")
        #expect(try await letter(["validDays": 91]).details?[0]?["pointer"] == "/validDays")
        let admin = try await two.host.client(role: .siteAdmin, site: "t1")
        try await admin.call(
            "membership.rules.revise",
            [
                "rule": "TRANSFER", "parameter": "letterDays", "value": "60", "validFrom": "2026-11-23",
                "source": "县委组织部通知", "reviewer": "组织科科长",
            ])
        two = try await two.later(days: 1)
        #expect(try await letter(["validDays": 61]).details?[0]?["pointer"] == "/validDays")
        #expect(try await two.issue(transfer, days: 60)["ruleVersion"] == "1.0-s1")
        let early = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(transfer, on: dated("2026-11-22")), by: two.there)
        #expect(early.reason == "membership.factOutOfOrder" && early.details?["earliestOn"] == "2026-11-23")
        let future = try await two.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(transfer, on: dated("2026-11-24")), by: two.there)
        #expect(future.details?[0]?["pointer"] == "/on")
    }

    @Test("a person who died in the meantime is received nowhere, and nothing of the receipt stays")
    func gone() async throws {
        let two = try await TwoBranches.open()
        let member = try await two.party.member()
        let transfer = try await two.request(["memberId": member])
        try await two.issue(transfer)
        try await two.here.call(
            "membership.member.end", ["memberId": member, "on": "2026-11-22", "how": "died", "reason": "因病去世"])
        let later = try await two.later(days: 1)
        let refused = try await later.party.refusal(
            "membership.transfer.receive", TwoBranches.receipt(transfer, on: later.today), by: later.there)
        #expect(refused.reason == "membership.transferNotNow" && refused.details?["why"] == "gone")
        #expect(try later.claims().isEmpty)
        #expect(try later.host.sql("SELECT count(*) FROM membership.member") == [["1"]])
        #expect(try await later.counts(on: later.today) == ["0+0", "0+0", "0+0"])
    }
}
