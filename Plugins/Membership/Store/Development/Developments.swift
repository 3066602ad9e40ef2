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

    var progress: Progress { Progress(self.holding) }

    /// What held on a day.
    func progress(asOf day: LocalDate) -> Progress { Progress(self.holding.filter { $0.on <= day }) }

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
        ])
        let papers = try results[1].decode(as: (RecordID, String, RecordID?, String?).self)
            .reduce(into: [RecordID: [PaperReference]]()) { all, row in
                all[row.0, default: []].append(PaperReference(title: row.1, fileId: row.2, sm3: row.3))
            }
        let approvals = try results[2].decode(
            as: (RecordID, Int, LocalDate, RecordID, Timestamp, String).self
        ).map { RecordsMustNotBeLate.Approval(id: $0.0, step: $0.1, on: $0.2, by: $0.3) }
        return Developments(
            id: id, site: site, person: person, isImported: isImported,
            rows: try Self.rows(results[0], papers), papers: papers, approvals: approvals, judge: try Self.judge(call))
    }

    private static func rows(_ rows: Rows, _ papers: [RecordID: [PaperReference]]) throws -> [Row] {
        try rows.decode(
            as: (
                RecordID, EntryKind, Int?, LocalDate, String?, RecordID?, String, String, Bool, RecordID?, String?,
                RecordID?,
                Bool, Timestamp, RecordID, RecordID?
            ).self
        ).map { row in
            Row(
                entry: DevelopmentEntry(
                    id: row.0, kind: row.1, step: row.2, on: row.3, status: row.4, organization: row.5,
                    facts: StepFacts(try FactsText.value(of: row.6)), isImported: row.8,
                    papers: papers[row.0]?.count ?? 0),
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
