internal import XinglinKit

/// A development as it is recorded, with what it is judged by.
struct Developments {
    let id: RecordID
    /// The site that keeps it.
    let site: RecordID
    let person: RecordID
    let isImported: Bool
    let rows: [Row]
    let papers: [RecordID: [PaperReference]]
    let approvals: [RecordsMustNotBeLate.Approval]
    let votes: [KeptVote]
    /// How the member that it has led to ended, where that was on probation or later.
    let memberEnd: MemberEnd?
    let judge: StepJudge

    /// An entry as it was written.
    struct Row {
        let entry: DevelopmentEntry
        let versions: JSONValue
        let backdating: RecordID?
        let reason: String?
        let corrects: RecordID?
        let correctedBy: RecordID?
        let isVoid: Bool
        let recordedAt: Timestamp
        let recordedBy: RecordID

        var holds: Bool { self.correctedBy == nil && !self.isVoid }
    }

    /// What holds.
    var holding: [DevelopmentEntry] { self.rows.filter(\.holds).map(\.entry) }

    var progress: Progress { self.progress(upTo: nil) }

    private func progress(upTo day: LocalDate?) -> Progress {
        func came(_ other: LocalDate) -> Bool { day.map { other <= $0 } ?? true }
        var progress = Progress(self.holding.filter { came($0.on) })
        for vote in self.votes where vote.holds && !vote.isPassed && came(vote.on) {
            progress.takeFailedVote(vote.purpose.step, on: vote.on)
        }
        return progress
    }

    /// Where it stood on a day: what held, without a resolution that has lapsed (DV-17), and ended where the member was none any more.
    func progress(asOf day: LocalDate) -> Progress {
        self.progress(upTo: day).asOf(day, self.judge.values, self.judge.table)
            .ended(self.memberEnd.flatMap { $0.on <= day ? $0 : nil })
    }

    /// The values and steps of a day at the acting site.
    static func judge(_ call: Call) throws -> StepJudge {
        StepJudge(
            values: try DevelopmentValues(MembershipRules.book(on: call.today, call)),
            table: try StepStore.table(call.db.rows(StepStore.all)))
    }

    /// A development of the acting site, locked.
    /// - Throws: `host.notFound`.
    static func locked(_ id: RecordID, _ call: Call) throws -> Developments {
        try Self.load(id, DevelopmentStore.lock(id, site: call.site.id), call)
    }

    /// A development of the readable sites.
    /// - Throws: `host.notFound`.
    static func readable(_ id: RecordID, _ call: Call) throws -> Developments {
        try Self.load(id, DevelopmentStore.find(id, site: call.site.id), call)
    }

    private static func load(_ id: RecordID, _ sql: SQL, _ call: Call) throws -> Developments {
        guard let (site, person, isImported) = try call.db.first(sql, as: (RecordID, RecordID, Bool).self) else {
            throw MembershipFault.notFound("candidateId", id)
        }
        let results = try call.db.batch([
            Statement(DevelopmentStore.entries(of: id, site: site)),
            Statement(DevelopmentStore.papers(of: id, site: site)),
            Statement(DevelopmentStore.approvals(of: id, site: site)),
            Statement(DevelopmentStore.keptVotes(of: id, site: site)),
            Statement(DevelopmentStore.memberEnd(of: id, site: site)),
        ])
        let papers = try results[1].decode(as: (RecordID, String, RecordID?, String?).self)
            .reduce(into: [RecordID: [PaperReference]]()) { all, row in
                all[row.0, default: []].append(PaperReference(title: row.1, fileId: row.2, sm3: row.3))
            }
        let approvals = try results[2].decode(
            as: (RecordID, Int, LocalDate, RecordID, Timestamp, String).self
        ).map { RecordsMustNotBeLate.Approval(id: $0.0, step: $0.1, on: $0.2, by: $0.3) }
        let ended = try results[4].first(as: (RecordID, LocalDate, EndOfMembership).self)
        return Developments(
            id: id, site: site, person: person, isImported: isImported,
            rows: try Self.rows(results[0], papers), papers: papers, approvals: approvals,
            votes: try KeptVote.read(results[3]), memberEnd: ended.map { MemberEnd(factId: $0.0, on: $0.1, how: $0.2) },
            judge: try Self.judge(call))
    }

    private static func rows(_ rows: Rows, _ papers: [RecordID: [PaperReference]]) throws -> [Row] {
        let found = try rows.decode(
            as: (
                RecordID, EntryKind, Int?, LocalDate, String?, RecordID?, String, String, Bool, RecordID?, String?,
                RecordID?,
                Bool, Timestamp, RecordID, RecordID?, Int64
            ).self
        )
        var orders = Dictionary(uniqueKeysWithValues: found.map { ($0.0, $0.16) })
        // A correction stands where what it corrects has stood.
        for row in found.sorted(by: { $0.16 < $1.16 }) {
            if let order = row.11.flatMap({ orders[$0] }) { orders[row.0] = order }
        }
        return try found.map { row in
            Row(
                entry: DevelopmentEntry(
                    id: row.0, kind: row.1, step: row.2, on: row.3, status: row.4, organization: row.5,
                    facts: StepFacts(try FactsText.value(of: row.6)), isImported: row.8,
                    papers: papers[row.0]?.count ?? 0, order: orders[row.0] ?? row.16),
                versions: try FactsText.value(of: row.7), backdating: row.9, reason: row.10, corrects: row.11,
                correctedBy: row.15, isVoid: row.12, recordedAt: row.13, recordedBy: row.14)
        }
    }

    /// The member that it has led to, where it has.
    func member(_ call: Call) throws -> RecordID? {
        let found: (RecordID, LocalDate)? = try call.db.first(
            DevelopmentStore.member(of: self.id, site: self.site), as: (RecordID, LocalDate).self)
        return found?.0
    }

    /// - Throws: `membership.developmentEnded`.
    func mustBeOpen(_ progress: Progress) throws(Fault) {
        if let closing = progress.closing { throw DevelopmentFault.ended(closing) }
    }
}
