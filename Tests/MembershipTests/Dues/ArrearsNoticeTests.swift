import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// Notices and talks about arrears: what was done is not asked for again until the next stage.
struct ArrearsNoticeTests {
    private static let rule = ArrearsRule(notice: 1, talk: 3, lapse: 6)

    /// So many months from 2026-01 on.
    private static func run(_ count: Int, from first: String = "2026-01") throws -> [CalendarMonth] {
        let first = try #require(CalendarMonth(code: first))
        return (0..<count).map { first.adding($0) }
    }

    private static func notice(_ stage: ArrearsStage, _ day: String) throws -> ArrearsNotice {
        ArrearsNotice(noticeId: RecordID(high: 0, low: 1), stage: stage, on: try #require(LocalDate(day)))
    }

    @Test(
        "a stage is reached when its last month is over, and done by what was recorded since",
        arguments: [
            (1, "notice", "2026-02-01", "notice", "2026-02-01", true),
            (2, "notice", "2026-02-01", "notice", "2026-03-15", true),
            (2, "notice", "2026-02-01", "talk", "2026-02-01", true),
            (3, "talk", "2026-04-01", "notice", "2026-04-02", false),
            (3, "talk", "2026-04-01", "talk", "2026-03-31", false),
            (5, "talk", "2026-04-01", "talk", "2026-04-01", true),
            (6, "lapse", "2026-07-01", "talk", "2026-07-01", false),
        ])
    func stages(
        _ months: Int, _ stage: String, _ reached: String, _ done: String, _ on: String, _ isDone: Bool
    ) throws {
        let called = try #require(ArrearsCall(Self.run(months), by: Self.rule))
        #expect(called.stage.rawValue == stage && called.reachedOn.description == reached)
        let notice = try Self.notice(try #require(ArrearsStage(rawValue: done)), on)
        #expect(called.isDone(by: [notice]) == isDone)
        #expect(!called.isDone(by: []))
    }

    @Test("a run that begins later calls anew, and a leap day counts as the last of its month")
    func runs() throws {
        let old = try Self.notice(.talk, "2026-04-10")
        let later = try #require(ArrearsCall(Self.run(3, from: "2026-05"), by: Self.rule))
        #expect(!later.isDone(by: [old]) && later.notices(among: [old]).isEmpty)
        let leap = try #require(ArrearsCall(Self.run(1, from: "2028-02"), by: Self.rule))
        #expect(leap.reachedOn.description == "2028-03-01")
        #expect(try leap.notices(among: [Self.notice(.notice, "2028-02-29")]).isEmpty)
        #expect(ArrearsCall([], by: Self.rule) == nil)
    }

    /// The tasks of the agenda that are about arrears, with their methods.
    private static func asked(_ desk: DuesDesk) async throws -> [String: JSONValue] {
        let reply = try await desk.officer.call("membership.agenda.list", ["organizationId": desk.party.branch])
        let lines = (reply["lines"]?.arrayValue ?? []).filter { $0["subjectKind"] == "member" }
        return Dictionary(lines.map { ($0["task"]?.stringValue ?? "", $0) }) { first, _ in first }
    }

    private static func debt(_ desk: DuesDesk) async throws -> JSONValue {
        try #require(
            try await desk.officer.call("membership.arrears.list", ["organizationId": desk.party.branch])["members"]?[0]
        )
    }

    @Test("notice after a month, talk after three, procedure after six: each is asked for once")
    func agenda() async throws {
        var desk = try await DuesDesk.open(on: "2026-01-20")
        let member = try await desk.member()
        func notify(_ stage: String, _ on: String) -> JSONValue {
            ["memberId": member, "stage": .string(stage), "on": .string(on)]
        }
        var asked: [[String]] = []
        for number in 1...7 {
            desk = try await desk.on("2026-0\(number)-20")
            try await desk.openMonth("2026-0\(number)")
            try await desk.assess("2026-0\(number)")
            asked.append(try await Self.asked(desk).keys.sorted())
            if number == 2 {
                // A day too early there was no month of arrears.
                let early = try await desk.refusal("membership.arrears.notify", notify("notice", "2026-01-31"))
                #expect(early.reason == "membership.arrearsNotReached" && early.details?.int("required") == 1)
                let talk = try await desk.refusal("membership.arrears.notify", notify("talk", "2026-02-20"))
                #expect(talk.details?["earliestOn"] == "2026-04-01" && talk.details?["months"] == ["2026-01"])
                #expect(
                    try await desk.refusal("membership.arrears.notify", notify("notice", "2026-02-21")).reason
                        == "host.invalidParams")
                #expect(
                    try await desk.refusal("membership.arrears.notify", notify("lapse", "2026-02-20")).reason
                        == "host.invalidParams")
                #expect(try await Self.asked(desk)["dues.notice"]?["method"] == "membership.arrears.notify")
                try await desk.officer.call("membership.arrears.notify", notify("notice", "2026-02-01"))
                #expect(try await Self.asked(desk).isEmpty)
                #expect(try await Self.debt(desk)["handled"] == true)
            }
            if number == 4 {
                #expect(try await Self.debt(desk)["handled"] == false)
                #expect(try await Self.asked(desk)["dues.talk"]?["evidence"]?[3]?["kind"] == "notice")
                try await desk.officer.call("membership.arrears.notify", notify("talk", "2026-04-01"))
            }
        }
        #expect(asked == [[], ["dues.notice"], [], ["dues.talk"], [], [], ["dues.lapse"]])
        let lapse = try #require(try await Self.asked(desk)["dues.lapse"])
        #expect(lapse["method"] == "membership.member.end" && lapse["dueOn"] == "2026-07-01")
        #expect(
            lapse["evidence"]?.arrayValue?.map { $0["kind"]?.stringValue } == Array(repeating: "month", count: 6) + [
                "notice", "talk",
            ])
        #expect(try await Self.debt(desk)["notices"]?.arrayValue?.count == 2)
        try await desk.officer.call(
            "membership.dues.excuse", ["memberId": member, "from": "2026-01", "until": "2026-06", "reason": "住院治疗"])
        #expect(try await Self.asked(desk).isEmpty)
    }

    @Test("a talk recorded in error is taken back once, and asked for again")
    func reversal() async throws {
        var desk = try await DuesDesk.open(on: "2026-01-20")
        let member = try await desk.member()
        try await desk.openMonth("2026-01")
        try await desk.assess("2026-01")
        desk = try await desk.on("2026-02-28")
        let notice = try await desk.officer.call(
            "membership.arrears.notify",
            [
                "memberId": member, "stage": "notice", "on": "2026-02-28", "note": "电话提醒",
                "document": ["title": "催缴通知"],
            ])
        #expect(notice["months"] == ["2026-01"])
        #expect(try await Self.asked(desk).isEmpty)
        let params: JSONValue = ["noticeId": notice["noticeId"] ?? .null, "reason": "登记到了另一名党员名下"]
        try await desk.officer.call("membership.arrears.reverse", params)
        #expect(try await Self.asked(desk).keys.sorted() == ["dues.notice"])
        #expect(try await desk.refusal("membership.arrears.reverse", params).reason == "membership.factCorrected")
        #expect(try await Self.debt(desk)["notices"] == [])
        let stranger = try await desk.host.client(role: .branchOfficer, site: "t2")
        let strange = try await desk.party.refusal("membership.arrears.reverse", params, by: stranger)
        #expect(strange.reason == "host.notFound")
    }
}
