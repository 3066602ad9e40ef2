import Foundation
import XinglinKit
import XinglinTesting

@testable import Membership

/// A plain model of a thousand members' year in two branches: what each owes where, reckoned day by day and without the module.
struct DuesYear {
    struct Member {
        let id: RecordID
        let joined: LocalDate
        var isLate = false
        /// Branches by the day from which on the member was in them: 0 and 1.
        var places: [(on: LocalDate, branch: Int)]
        var ended: LocalDate?
        /// By the month from which on it counts: the base in fen, nil for a student.
        var bases: [(from: Int, fen: Int64?)]
        /// Months, and what is still to be paid; nil where all is waived.
        var exemption: (months: ClosedRange<Int>, reducedFen: Int64?)?
    }

    static let year = 2025
    var members: [Member] = []

    static func month(_ number: Int) -> CalendarMonth {
        CalendarMonth(code: "\(Self.year)-\(number < 10 ? "0" : "")\(number)")
            ?? CalendarMonth(of: LocalDate(daysSince1970: 0))
    }

    init(_ count: Int, _ chance: inout SeededGenerator) {
        let start = Self.month(1).first
        for _ in 0..<count {
            let isNew = Int.random(in: 0..<100, using: &chance) < 15
            let joined =
                isNew
                ? start.adding(days: Int.random(in: 0..<365, using: &chance))
                : start.adding(days: -Int.random(in: 30..<9000, using: &chance))
            var member = Member(
                id: RecordID(
                    high: .random(in: 1 ... .max, using: &chance), low: .random(in: 1 ... .max, using: &chance)),
                joined: joined, places: [(joined, Int.random(in: 0...1, using: &chance))], bases: [])
            // The committee approves up to three months after the branch meeting: the record comes late.
            member.isLate = isNew && Int.random(in: 0..<3, using: &chance) == 0
            var day = max(joined, start)
            while Int.random(in: 0..<100, using: &chance) < 20 {
                day = day.adding(days: Int.random(in: 1...200, using: &chance))
                member.places.append((day, 1 - (member.places.last?.branch ?? 0)))
            }
            if Int.random(in: 0..<100, using: &chance) < 3 {
                member.ended = day.adding(days: Int.random(in: 1...200, using: &chance))
            }
            let isStudent = Int.random(in: 0..<10, using: &chance) == 0
            func base(_ chance: inout SeededGenerator) -> Int64? {
                isStudent ? nil : Int64.random(in: 0...1_500_000, using: &chance)
            }
            if Int.random(in: 0..<100, using: &chance) < 97 { member.bases.append((1, base(&chance))) }
            while Int.random(in: 0..<100, using: &chance) < 30 {
                member.bases.append((Int.random(in: 1...12, using: &chance), base(&chance)))
            }
            if Int.random(in: 0..<100, using: &chance) < 5 {
                let first = Int.random(in: 1...12, using: &chance)
                member.exemption = (
                    first...Int.random(in: first...12, using: &chance),
                    Bool.random(using: &chance) ? nil : Int64.random(in: 1...3000, using: &chance)
                )
            }
            self.members.append(member)
        }
    }

    /// Where a member was on a day; nil where they were no member.
    private static func place(_ member: Member, on day: LocalDate) -> Int? {
        guard day >= member.joined, member.ended.map({ day < $0 }) ?? true else { return nil }
        return member.places.last { $0.on <= day }?.branch
    }

    /// The branch that a member owes a month to.
    static func branch(_ member: Member, _ number: Int) -> Int? {
        let month = Self.month(number)
        if let there = Self.place(member, on: month.first) { return there }
        guard member.joined > month.first, member.joined <= month.last else { return nil }
        return Self.place(member, on: member.joined)
    }

    /// What a member owes for a month and what of it is waived; nil where no base is recorded.
    static func owed(_ member: Member, _ number: Int) -> (due: Int64, waived: Int64)? {
        var latest: (from: Int, fen: Int64?)?
        for base in member.bases where base.from <= number && base.from >= latest?.from ?? 0 { latest = base }
        guard let latest else { return nil }
        let due = latest.fen.map { $0 == 0 ? 0 : DuesScaleTests.due($0, DuesScaleTests.rate(.salaried, $0)) } ?? 20
        guard let exemption = member.exemption, exemption.months.contains(number) else { return (due, 0) }
        return (due, due - min(exemption.reducedFen ?? 0, due))
    }

    /// SQL that puts members into the register of a site as if the steps had been recorded.
    static func script(_ members: [Member], branches: [String], site: String) -> String {
        func uuid(_ id: RecordID) -> String { "'\(id)'" }
        let rows = members.map {
            "('\(site)', \(uuid($0.id)), gen_random_uuid(), '\($0.joined)', true, now(), '\(site)')"
        }
        var facts: [String] = []
        var bases: [String] = []
        for member in members {
            for (index, place) in member.places.enumerated() {
                let (change, status) = index == 0 ? ("enrolled", "'full'") : ("assigned", "NULL")
                facts.append(
                    "('\(site)', gen_random_uuid(), \(uuid(member.id)), '\(place.on)', '\(change)', \(status), '\(branches[place.branch])', NULL, now(), '\(site)')"
                )
            }
            if let ended = member.ended {
                facts.append(
                    "('\(site)', gen_random_uuid(), \(uuid(member.id)), '\(ended)', 'ended', 'ended', NULL, 'died', now(), '\(site)')"
                )
            }
            for (index, base) in member.bases.enumerated() {
                let category = base.fen == nil ? "student" : "salaried"
                let fen = base.fen.map { String($0) } ?? "NULL"
                bases.append(
                    "('\(site)', \(uuid(member.id)), \(index + 1), '\(Self.month(base.from).first)', '\(category)', \(fen), now(), '\(site)')"
                )
            }
        }
        return """
            INSERT INTO membership.member (site_id, member_id, person_id, joined_on, is_imported, recorded_at, recorded_by)
            VALUES \(rows.joined(separator: ","));
            INSERT INTO membership.standing (site_id, standing_id, member_id, on_date, change, status, organization_id, ended_how, recorded_at, recorded_by)
            VALUES \(facts.joined(separator: ","));
            INSERT INTO membership.dues_base (site_id, member_id, version, from_month, category, base_fen, recorded_at, recorded_by)
            VALUES \(bases.joined(separator: ","));
            """
    }
}
