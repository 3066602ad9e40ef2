internal import XinglinKit

/// Assesses a branch's month: a line for whoever owes, again and again until it is closed; then only for who has none.
struct Assessing {
    let branch: DuesBranch
    let isClosed: Bool

    struct Missing: Codable, Sendable {
        let memberId: RecordID
        let reason: Unassessed
        let reasonZh: String
    }

    struct Excess: Codable, Sendable {
        let memberId: RecordID
        let excessFen: Int64
    }

    struct Outcome {
        var added = 0
        var sums = DuesSums()
        var unassessed: [Missing] = []
        var overpaid: [Excess] = []
        /// Whose records it looked at.
        var members: [RecordID] = []

        mutating func miss(_ member: RecordID, _ reason: Unassessed) {
            self.unassessed.append(Missing(memberId: member, reason: reason, reasonZh: reason.labelZh))
        }
    }

    private struct Line {
        let version: Int
        let content: Assessment
        /// Closed, or a supplement of a closed month.
        let isFrozen: Bool
        let paidFen: Int64
    }

    private var month: CalendarMonth { self.branch.month }
    private var call: Call { self.branch.call }

    /// The month is locked already.
    func run() throws -> Outcome {
        let site = try self.call.site.id
        let found: [RecordID] = try self.call.db.query(
            DuesLineStore.owing(self.branch.id, self.month, site: site), as: RecordID.self)
        let owing = found.sorted()
        let lines = try self.lines(and: owing)
        let (assessed, problems) = try self.reckon(owing)
        var outcome = Outcome(members: owing)
        var added: [DuesLineStore.New] = []
        for member in owing {
            let line = lines[member]
            if let line, !line.content.isVoid, line.isFrozen || self.isClosed {
                if line.content.organization != self.branch.id { outcome.miss(member, .assessedElsewhere) }
            } else if let content = assessed[member] {
                guard line?.content != content else { continue }
                added.append(.init(member: member, version: (line?.version ?? 0) + 1, line: content))
            } else {
                outcome.miss(member, problems[member] ?? .noBase)
            }
        }
        if !self.isClosed { added += self.voided(lines, but: Set(owing)) }
        if !added.isEmpty {
            let act = try Act(self.call)
            try self.call.db.execute(
                DuesLineStore.add(added, self.month, isSupplement: self.isClosed, act), expecting: .rows(added.count))
        }
        outcome.added = added.count
        try self.sum(&outcome)
        return outcome
    }

    /// The lines that the branch has of the month, and those of who owes.
    private func lines(and members: [RecordID]) throws -> [RecordID: Line] {
        let rows = try self.call.db.query(
            DuesLineStore.latest(self.month, of: self.branch.id, and: members, site: self.call.site.id),
            as: (
                RecordID, Int, RecordID, Bool, Bool, DuesCategory, Int64?, Int, Int64?, Int64, Int64, Int64, RecordID?,
                String,
                Int64
            ).self)
        return rows.reduce(into: [:]) { all, row in
            let content = Assessment(
                organization: row.2, category: row.5, baseFen: row.6, baseVersion: row.7, rateBasisPoints: row.8,
                unroundedFen: row.9, dueFen: row.10, waivedFen: row.11, exemption: row.12, ruleVersion: row.13,
                isVoid: row.3)
            all[row.0] = Line(version: row.1, content: content, isFrozen: row.4, paidFen: row.14)
        }
    }

    /// What each member who has a base owes, by the rule of the month's first day.
    private func reckon(
        _ members: [RecordID]
    ) throws -> (lines: [RecordID: Assessment], problems: [RecordID: Unassessed]) {
        let site = try self.call.site.id
        let (scale, roundingFen, version) = try DuesRules.scale(on: self.month.first, self.call)
        let results = try self.call.db.batch([
            Statement(DuesFactStore.bases(of: members, for: self.month, site: site)),
            Statement(DuesFactStore.exemptions(of: members, for: self.month, site: site)),
        ])
        let exemptions = try results[1].decode(as: (RecordID, RecordID, Int64?).self)
            .reduce(into: [RecordID: DuesExemption]()) { $0[$1.0] = DuesExemption(id: $1.1, reducedFen: $1.2) }
        var lines: [RecordID: Assessment] = [:]
        var problems: [RecordID: Unassessed] = [:]
        for row in try results[0].decode(as: (RecordID, Int, DuesCategory, Int64?, Int64?).self) {
            let base = DuesBase(version: row.1, category: row.2, baseFen: row.3, fixedFen: row.4)
            do {
                lines[row.0] = try Assessment.reckon(
                    in: self.branch.id, base, exemptions[row.0], by: scale, roundingFen: roundingFen,
                    ruleVersion: version)
            } catch {
                problems[row.0] = .baseUnfit
            }
        }
        return (lines, problems)
    }

    /// Lines of members who, as the record now has it, did not belong to the branch.
    private func voided(_ lines: [RecordID: Line], but owing: Set<RecordID>) -> [DuesLineStore.New] {
        lines.filter { member, line in
            !owing.contains(member) && line.content.organization == self.branch.id && !line.content.isVoid
                && !line.isFrozen
        }.map { .init(member: $0.key, version: $0.value.version + 1, line: $0.value.content.voided()) }
    }

    /// Sums of the branch's lines as they now are, and who has paid more than that.
    private func sum(_ outcome: inout Outcome) throws {
        for (member, line) in try self.lines(and: []).sorted(by: { $0.key < $1.key }) {
            let content = line.content
            let excess = line.paidFen + content.waivedFen - content.dueFen
            if excess > 0 { outcome.overpaid.append(Excess(memberId: member, excessFen: excess)) }
            guard !content.isVoid else { continue }
            outcome.sums.add(due: content.dueFen, waived: content.waivedFen, paid: line.paidFen)
        }
    }
}
