import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// What the agenda asks of a branch month by month and year by year.
struct DuesAgendaTests {
    private static let deadlines = DuesDeadlines(dayOfMonth: 15, publicationMonths: 12)

    @Test("a month is closed by the dues day of the next one, also over the new year")
    func days() throws {
        let december = try #require(CalendarMonth(code: "2027-12"))
        #expect(Self.deadlines.day(of: december).description == "2027-12-15")
        #expect(Self.deadlines.closing(of: december).description == "2028-01-15")
    }

    @Test(
        "each year needs its own publication; with fewer months between them, several",
        arguments: [
            (12, [:], 2024, "2025-01-15"), (12, [2024: "2024-12-31"], 2025, "2026-01-15"),
            (12, [2025: "2025-12-31", 2026: "2026-11-22"], 2024, "2025-01-15"),
            (12, [2024: "2025-01-10", 2026: "2026-01-01"], 2025, "2026-01-15"),
            (12, [2023: "2026-11-22"], 2024, "2025-01-15"), (6, [:], 2024, "2024-07-15"),
            (6, [2024: "2024-02-29"], 2024, "2024-08-29"), (6, [2024: "2024-07-01"], 2025, "2025-07-15"),
        ] as [(Int, [Int: String], Int, String)])
    func publications(_ months: Int, _ made: [Int: String], _ year: Int, _ dueOn: String) throws {
        let deadlines = DuesDeadlines(dayOfMonth: 15, publicationMonths: months)
        let first = try #require(CalendarMonth(code: "2024-03"))
        let next = deadlines.publication(since: first, made: made.compactMapValues { LocalDate($0) })
        #expect(next.year == year && next.dueOn.description == dueOn)
    }

    private static func lines(_ desk: DuesDesk, month: String? = nil) async throws -> [String] {
        var params: [String: JSONValue] = ["organizationId": desk.party.branch]
        params["month"] = month.map { .string($0) }
        let reply = try await desk.officer.call("membership.agenda.list", .object(params))
        return (reply["lines"]?.arrayValue ?? []).filter { $0["task"]?.stringValue?.hasPrefix("dues.") == true }
            .map { line in
                let method = line["method"]?.stringValue?.split(separator: ".").last ?? ""
                return "\(line["task"]?.stringValue ?? "") \(method) \(line["dueOn"]?.stringValue ?? "")"
            }
    }

    @Test("open and assess by the dues day, collect until the month ends, close when it has ended")
    func month() async throws {
        var desk = try await DuesDesk.open(on: "2026-11-03")
        let member = try await desk.member()
        #expect(try await Self.lines(desk) == ["dues.month openMonth 2026-11-15"])
        try await desk.openMonth("2026-11")
        let next = "dues.month openMonth 2026-12-15"
        #expect(try await Self.lines(desk) == ["dues.month assess 2026-11-15", next])
        try await desk.assess("2026-11")
        #expect(try await Self.lines(desk) == ["dues.month pay 2026-11-30", next])
        try await desk.pay(member, 2000)
        #expect(try await Self.lines(desk).first == "dues.month pay 2026-11-30")
        try await desk.pay(member, 3000)
        #expect(try await Self.lines(desk) == [next])
        // On its last day the month runs on; on the next one it is closed.
        desk = try await desk.on("2026-11-30")
        #expect(try await Self.lines(desk) == [next])
        desk = try await desk.on("2026-12-01")
        #expect(
            try await Self.lines(desk) == [
                "dues.closing closeMonth 2026-12-15", next, "dues.publication publish 2027-01-15",
            ])
        try await desk.openMonth("2026-12")
        try await desk.assess("2026-12")
        try await desk.close("2026-11")
        #expect(try await Self.lines(desk).first == "dues.month pay 2026-12-31")
        // A month that is closed while it runs says so, and asks for nothing more.
        let early = try await desk.close("2026-12")
        #expect(early["warnings"]?[0]?["months"] == ["2026-12"])
        #expect(
            try await Self.lines(desk, month: "2026-12") == [
                "dues.month openMonth 2027-01-15", "dues.publication publish 2027-01-15",
            ])
    }

    @Test("the publication of another year does not stand for the one that is due")
    func publication() async throws {
        var desk = try await DuesDesk.open(on: "2026-03-02")
        try await desk.openMonth("2026-03")
        desk = try await desk.on("2027-01-10")
        func publish(_ year: Int64) async throws {
            try await desk.officer.call(
                "membership.dues.publish",
                ["organizationId": desk.party.branch, "year": .integer(year), "on": "2027-01-10"])
        }
        let due = "dues.publication publish 2027-01-15"
        #expect(try await Self.lines(desk).contains(due))
        for year in [2025, 2027] as [Int64] {
            try await publish(year)
            #expect(try await Self.lines(desk).contains(due), "\(year)")
        }
        try await publish(2026)
        #expect(try await !Self.lines(desk).contains { $0.hasPrefix("dues.publication") })
    }
}
