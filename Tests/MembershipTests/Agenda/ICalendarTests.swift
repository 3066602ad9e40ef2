import Foundation
import Testing
import XinglinKit

@testable import Membership

struct ICalendarTests {
    private static let event = ICalendar.Event(
        uid: "development.talk-1-20261222", on: LocalDate(daysSince1970: 20_809),
        summary: "派人谈话（DV-02）", description: "收到申请书后 1 个月内；详见\\规则,附件\n第二行", category: "DV-02")

    @Test("a calendar has its days, its escapes, and lines of at most 75 octets that are cut between characters")
    func text() throws {
        let now = Timestamp(microseconds: 1_795_329_000_000_000)
        let calendar = ICalendar(name: "某镇中心卫生院党支部 党务工作提醒", events: [Self.event], madeAt: now).text
        let lines = calendar.components(separatedBy: "\r\n")
        #expect(lines.first == "BEGIN:VCALENDAR" && calendar.hasSuffix("END:VCALENDAR\r\n"))
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        let unfolded = calendar.replacing("\r\n ", with: "")
        #expect(unfolded.contains("DTSTART;VALUE=DATE:20261222\r\nDTEND;VALUE=DATE:20261223\r\n"))
        #expect(unfolded.contains("DTSTAMP:20261122T063000Z\r\n"))
        #expect(unfolded.contains("DESCRIPTION:收到申请书后 1 个月内；详见\\\\规则\\,附件\\n第二行\r\n"))
        #expect(unfolded.contains("UID:development.talk-1-20261222@xinglin\r\n"))
        #expect(unfolded.replacing("\r\n", with: "").allSatisfy { !$0.isNewline })
    }

    @Test(
        "reminders stand at T−30, T−7 and T",
        arguments: [
            (-1, AgendaLine.Stage.late), (0, .today), (1, .near), (7, .near), (8, .soon), (30, .soon), (31, .planned),
        ])
    func stages(_ ahead: Int, _ stage: AgendaLine.Stage) throws {
        let reminders = try Reminders(try DataOfTests.book())
        let today = LocalDate(daysSince1970: 20_779)
        #expect(reminders.stage(of: today.adding(days: ahead), on: today) == stage)
    }
}
