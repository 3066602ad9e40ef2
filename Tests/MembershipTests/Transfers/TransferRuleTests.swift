import Testing
import XinglinKit

@testable import Membership

/// What transfers are judged by, without a database.
struct TransferRuleTests {
    @Test(
        "a letter holds through its last day, the day of issue not counted, over ends of months and leap days",
        arguments: [
            ("2026-11-22", 90, "2027-02-20"), ("2027-12-01", 90, "2028-02-29"), ("2028-02-28", 1, "2028-02-29"),
            ("2026-02-28", 1, "2026-03-01"), ("2026-10-31", 30, "2026-11-30"),
        ])
    func letters(issued: String, days: Int, last: String) {
        let end = TransferDates.lastDay(of: dated(issued), validDays: days)
        #expect(end == dated(last))
        let letter = TransferState.letterIssued
        #expect(letter.on(end.adding(days: -1), expiresOn: end) == .letterIssued)
        #expect(letter.on(end, expiresOn: end) == .letterIssued)
        #expect(letter.on(end.adding(days: 1), expiresOn: end) == .expired)
    }

    @Test("what is over never expires", arguments: TransferState.allCases)
    func over(state: TransferState) {
        let expired = state.on(dated("2030-01-01"), expiresOn: dated("2026-01-01"))
        #expect(expired == (state == .letterIssued ? .expired : state))
    }

    @Test("each state allows what the rule book says and no more")
    func actions() {
        let possible: [TransferState: Set<TransferAction>] = [
            .requested: [.issueLetter, .withdraw, .sendBack], .letterIssued: [.receive, .sendBack, .withdraw],
            .expired: [.issueLetter, .withdraw], .received: [], .returned: [], .withdrawn: [],
        ]
        for state in TransferState.allCases {
            #expect(Set(TransferAction.allCases.filter { $0.isPossible(in: state) }) == possible[state], "\(state)")
        }
        #expect(TransferAction.allCases.filter(\.isOfReceiver) == [.receive, .sendBack])
    }

    @Test(
        "months are the calendar's: half a year away, three months without a receipt",
        arguments: [
            ("2025-08-31", 6, "2026-02-28"), ("2027-08-31", 6, "2028-02-29"), ("2026-11-30", 3, "2027-02-28"),
            ("2027-11-30", 3, "2028-02-29"), ("2026-05-22", 6, "2026-11-22"),
        ])
    func months(from: String, months: Int, due: String) {
        #expect(TransferDates.transferDue(dated(from), months: months) == dated(due))
        #expect(TransferDates.talkDue(dated(from), months: months) == dated(due))
        let until = dated(due)
        #expect(TransferDates.mustTransfer(from: dated(from), until: until, months: months))
        #expect(!TransferDates.mustTransfer(from: dated(from), until: until.adding(days: -1), months: months))
    }

    @Test("reminders come at T−30, T−7 and T")
    func stages() {
        let due = dated("2027-03-01")
        func stage(_ left: Int, _ onTheDay: Bool = false) -> DueStage? {
            DueStage(due, on: due.adding(days: -left), first: 30, second: 7, isMissedOnTheDay: onTheDay)
        }
        #expect(stage(31) == nil && stage(30) == .first && stage(8) == .first)
        #expect(stage(7) == .second && stage(1) == .second && stage(0) == .second && stage(-1) == .overdue)
        #expect(stage(0, true) == .overdue && stage(1, true) == .second)
    }

    @Test("on each of many days a letter is said to run out, or to have, exactly when it does")
    func property() throws {
        let values = try TransferReminder.Values(DataOfTests.book())
        var seed = UInt64(20_261_122)
        func next(_ below: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % below)
        }
        for round in 0..<2000 {
            let first = dated("2026-01-01").adding(days: next(1500))
            let latest = first.adding(days: next(200))
            let last = TransferDates.lastDay(of: latest, validDays: 1 + next(90))
            let today = latest.adding(days: next(200))
            let lines = TransferReminder.ofLetters(first: first, latest: latest, expiresOn: last, on: today, values)
            let left = last.daysSince1970 - today.daysSince1970
            let kinds = Set(lines.map(\.kind))
            let context = Comment(rawValue: "seed 20261122 round \(round): \(first) \(latest) \(last) \(today)")
            #expect(kinds.contains(.letterExpired) == (left < 0), context)
            #expect(kinds.contains(.letterExpiring) == (0...30).contains(left), context)
            #expect(kinds.contains(.notReceived) == (today >= first.adding(months: 3)), context)
            #expect(lines.allSatisfy { !$0.evidence.isEmpty && $0.rule == "TRANSFER" && $0.ruleVersion == "1.0" })
        }
    }
}
