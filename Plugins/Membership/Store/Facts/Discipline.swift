internal import XinglinKit

/// Party discipline in a call. What it is stands encrypted; whoever only has to know whether a member may vote is told no more than that.
enum Discipline {
    /// A row as it is opened.
    struct Row {
        let id: RecordID
        let member: RecordID
        /// With the rights restored where that was recorded later.
        let fact: DisciplineFact
        let corrects: RecordID?
        let correctedBy: RecordID?
        let isVoid: Bool
        let recordedAt: Timestamp
        /// Which site recorded it, where it came along with a transfer.
        let origin: RecordID?

        var holds: Bool { self.correctedBy == nil && !self.isVoid }
    }

    /// Which of the members are without the rights of one on a day: 留党察看 whose rights were not restored. They have no vote and are not
    /// counted in E (domain rules 1.3), introduce nobody (DV-10), and do not stand for election.
    static func isWithoutRights(_ members: [RecordID], on day: LocalDate, _ call: Call) throws -> Set<RecordID> {
        Set(try Self.rows(of: members, call).filter { $0.holds && $0.fact.takesRights(on: day) }.map(\.member))
    }

    /// Every row of some members, in the order of their days.
    static func rows(of members: [RecordID], _ call: Call) throws -> [Row] {
        guard !members.isEmpty else { return [] }
        return try call.db.query(
            MemberFactStore.discipline(of: members),
            as: (RecordID, RecordID, SQLBytes, LocalDate?, RecordID?, Bool, RecordID?, Timestamp, RecordID?).self
        ).map { row in
            let text = try call.open(row.2, of: OfficeColumns.discipline, row: row.0)
            guard var fact = DisciplineFact(sealedText: text) else {
                throw HostFault.internal.fault()
            }
            fact.rightsRestoredOn = row.3 ?? fact.rightsRestoredOn
            return Row(
                id: row.0, member: row.1, fact: fact, corrects: row.4, correctedBy: row.6, isVoid: row.5,
                recordedAt: row.7, origin: row.8)
        }.sorted { ($0.fact.from, $0.id) < ($1.fact.from, $1.id) }
    }

    static func add(
        _ fact: DisciplineFact, of member: RecordID, corrects: RecordID? = nil, isVoid: Bool = false, _ call: Call
    ) throws -> RecordID {
        let id = call.newID()
        let content = try call.seal(fact.sealedText, for: OfficeColumns.discipline, row: id)
        try call.db.execute(
            MemberFactStore.addDiscipline(id, of: member, content, corrects: corrects, isVoid: isVoid, Act(call)),
            expecting: .rows(1))
        return id
    }
}
