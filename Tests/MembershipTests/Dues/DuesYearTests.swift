import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import Membership

/// A thousand members' year, against the model.
struct DuesYearTests {
    @Test(
        "a thousand members' year of joins, moves, pay changes, exemptions and payments: assessed = paid + waived + arrears"
    )
    func year() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("dues year seed \(seed)")
        var chance = SeededGenerator(seed: seed)
        let walk = try await DuesWalk.open(DuesYear(1000, &chance))
        for number in 1...12 { try await walk.month(number, &chance) }
        try await walk.addLate()
        // Late records give supplements, and once more gives nothing.
        for number in 1...12 {
            for branch in walk.branches {
                try await walk.desk.assess(DuesYear.month(number).description, of: branch)
                let again = try await walk.desk.assess(DuesYear.month(number).description, of: branch)
                #expect(again.int("added") == 0)
            }
        }
        try await walk.check()
        // The agenda of so many is reckoned within the deadline of a call, with those whom closed months lack.
        for branch in walk.branches {
            let agenda = try await walk.desk.officer.call(
                "membership.agenda.list", ["organizationId": branch, "limit": 500])
            let tasks = (agenda["lines"]?.arrayValue ?? []).compactMap { $0["task"]?.stringValue }
            #expect(tasks.contains("dues.base") && !tasks.contains("dues.supplement"))
        }
    }
}

/// Walks through the year at two desks.
final class DuesWalk {
    var desk: DuesDesk
    let year: DuesYear
    let branches: [JSONValue]
    private let site: String
    private var paid: Int64 = 0
    private var closedSums: [[String?]] = []

    static func open(_ year: DuesYear) async throws -> DuesWalk {
        let desk = try await DuesDesk.open(on: "2025-01-10")
        let other = try await desk.party.organization("branch", below: desk.party.committee)
        return try await DuesWalk(desk, year, [desk.party.branch, other])
    }

    private init(_ desk: DuesDesk, _ year: DuesYear, _ branches: [JSONValue]) async throws {
        self.desk = desk
        self.year = year
        self.branches = branches
        self.site = try desk.host.sql("SELECT site_id FROM host.site WHERE code = 't1'")[0][0] ?? ""
        try self.add(year.members.filter { !$0.isLate })
    }

    private func add(_ members: [DuesYear.Member]) throws {
        guard !members.isEmpty else { return }
        try self.desk.host.script(
            DuesYear.script(members, branches: self.branches.compactMap(\.stringValue), site: self.site))
        let exemptions = members.compactMap { member -> String? in
            guard let exemption = member.exemption else { return nil }
            let (first, last) = (
                DuesYear.month(exemption.months.lowerBound), DuesYear.month(exemption.months.upperBound)
            )
            let (kind, fen) = exemption.reducedFen.map { ("reduction", String($0)) } ?? ("waiver", "NULL")
            let by = self.desk.party.committee.stringValue ?? ""
            return
                "('\(self.site)', gen_random_uuid(), '\(member.id)', '\(kind)', '\(first.first)', '\(last.first)', \(fen), "
                + "'2024-12-01', '2024-12-02', '2024-12-03', '\(by)', now(), '\(self.site)')"
        }
        guard !exemptions.isEmpty else { return }
        try self.desk.host.script(
            """
            INSERT INTO membership.dues_exemption (site_id, exemption_id, member_id, kind, from_month, until_month, reduced_fen,
                requested_on, branch_on, approved_on, approved_by, recorded_at, recorded_by)
            VALUES \(exemptions.joined(separator: ","))
            """)
    }

    /// Opens, assesses twice, takes payments and closes the month before.
    func month(_ number: Int, _ chance: inout SeededGenerator) async throws {
        let month = DuesYear.month(number)
        self.desk = try await self.desk.on(month.first.adding(days: 19).description)
        for branch in self.branches {
            try await self.desk.openMonth(month.description, of: branch)
            try await self.desk.assess(month.description, of: branch)
        }
        for _ in 0..<120 { try await self.pay(month, &chance) }
        guard number > 1 else { return }
        for branch in self.branches { try await self.desk.close(month.adding(-1).description, of: branch) }
        self.closedSums = try self.closings(through: month.adding(-1))
    }

    /// A random sum for all that is owed, a named month, or with a voluntary rest; more than is owed is refused.
    private func pay(_ month: CalendarMonth, _ chance: inout SeededGenerator) async throws {
        let member = self.year.members[Int.random(in: 0..<self.year.members.count, using: &chance)]
        let isVoluntary = Int.random(in: 0..<8, using: &chance) == 0
        let isNamed = Bool.random(using: &chance)
        let fen = Int64.random(in: 1...20_000, using: &chance)
        do {
            let reply = try await self.desk.pay(
                .string(member.id.description), fen, month: isNamed ? month.description : nil, voluntary: isVoluntary)
            self.paid += reply.int("settledFen")
        } catch let refused as CallRefused {
            let allowed = [
                "membership.duesOverpaid", "membership.duesNotAssessed", "host.notFound", "membership.memberEnded",
            ]
            #expect(allowed.contains(refused.reason), "\(refused)")
            guard let due = refused.details?["dueFen"]?.integerValue, due > 0 else { return }
            // Then all that is owed.
            let reply = try await self.desk.pay(
                .string(member.id.description), due, month: isNamed ? month.description : nil)
            #expect(reply.int("settledFen") == due)
            self.paid += due
        }
    }

    func addLate() async throws {
        try self.add(self.year.members.filter(\.isLate))
    }

    private func closings(through month: CalendarMonth) throws -> [[String?]] {
        try self.desk.host.sql(
            """
            SELECT month, organization_id, lines, due_fen, paid_fen, waived_fen, arrears_fen,
                (SELECT string_agg(closed::text, ';' ORDER BY member_id) FROM membership.dues_closed_line AS closed
                 WHERE closed.month = closing.month AND closed.organization_id = closing.organization_id)
            FROM membership.dues_closing AS closing WHERE month <= '\(month.first)' ORDER BY 1, 2
            """)
    }

    /// Lines, sums and closings against the model.
    func check() async throws {
        var total = DuesSums()
        let summary = try await self.desk.summary("2025-01", "2025-12", of: self.desk.party.committee)
        for number in 1...12 {
            let month = DuesYear.month(number).description
            var seen: Set<String> = []
            for (index, branch) in self.branches.enumerated() {
                let owing = self.year.members.filter { DuesYear.branch($0, number) == index }
                let expected = owing.compactMap { member in DuesYear.owed(member, number).map { (member.id, $0) } }
                let lines = try await self.desk.lines(month, of: branch)
                #expect(lines.count == expected.count, "\(month) \(index)")
                let byMember = Dictionary(lines.map { ($0["memberId"]?.stringValue ?? "", $0) }) { first, _ in first }
                var sums = DuesSums()
                for (id, owed) in expected {
                    guard let line = byMember[id.description] else {
                        Issue.record("no line of \(id) in \(month)")
                        continue
                    }
                    #expect(seen.insert(id.description).inserted)
                    #expect(line.int("dueFen") == owed.due && line.int("waivedFen") == owed.waived, "\(month) \(id)")
                    #expect(line.int("dueFen") == line.int("paidFen") + line.int("waivedFen") + line.int("arrearsFen"))
                    sums.add(
                        due: line.int("dueFen"), waived: line.int("waivedFen"), paid: line.int("paidFen"),
                        later: line.int("laterFen"))
                }
                let shown = summary["months"]?.arrayValue?.first {
                    $0["month"]?.stringValue == month && $0["organizationId"] == branch
                }?["sums"]
                #expect(shown?.int("dueFen") == sums.dueFen && shown?.int("paidFen") == sums.paidFen)
                #expect(shown?.int("waivedFen") == sums.waivedFen && shown?.int("arrearsFen") == sums.arrearsFen)
                #expect(shown?.int("laterFen") == sums.laterFen && shown?.int("excessFen") == 0)
                total.add(sums)
            }
        }
        #expect(total.dueFen == total.paidFen + total.waivedFen + total.arrearsFen)
        #expect(total.paidFen == self.paid)
        #expect(summary["sums"]?.int("dueFen") == total.dueFen)
        #expect(summary["sums"]?.int("arrearsFen") == total.arrearsFen)
        #expect(total.laterFen > 0 && total.waivedFen > 0 && total.arrearsFen > 0)
        // What was closed is as it was closed, in spite of the supplements.
        #expect(try self.closings(through: DuesYear.month(11)) == self.closedSums)
        let supplements = try self.desk.host.sql("SELECT count(*) > 0 FROM membership.dues_line WHERE is_supplement")
        #expect(supplements == [["t"]])
    }
}
