internal import XinglinKit

/// Positions, honours and marks of members in a call.
enum MemberFacts {
    /// A row with what became of it.
    struct Row {
        let id: RecordID
        let site: RecordID
        let fact: MemberFact
        let corrects: RecordID?
        let isVoid: Bool
        let correctedBy: RecordID?
        let reason: String?
        let recordedAt: Timestamp
        /// Which site recorded it, where it came along with a transfer.
        let origin: RecordID?

        var holds: Bool { self.correctedBy == nil && !self.isVoid }
    }

    /// Every fact of a member in the readable sites, the oldest first.
    static func rows(of member: RecordID, _ call: Call) throws -> [Row] {
        try call.db.query(
            MemberFactStore.facts(of: member),
            as: (
                RecordID, RecordID, MemberFactKind, String, HonourLevel?, String, MemberMark?, LocalDate, LocalDate?,
                RecordID?, Bool, RecordID?, String?, Timestamp, RecordID?
            ).self
        ).map { row in
            Row(
                id: row.0, site: row.1,
                fact: MemberFact(
                    kind: row.2, title: row.3, level: row.4, grantedBy: row.5, mark: row.6, from: row.7, until: row.8),
                corrects: row.9, isVoid: row.10, correctedBy: row.11, reason: row.12, recordedAt: row.13,
                origin: row.14)
        }
    }

    /// What `membership.member.get` says of a member on a day; nil where there is nothing to say.
    static func holding(
        _ member: RecordID, on day: LocalDate, _ call: Call
    ) throws -> (positions: [String]?, honours: [String]?, marks: [MemberMark]?) {
        let rows = try call.db.query(
            MemberFactStore.holding(member, on: day), as: (MemberFactKind, String, MemberMark?).self)
        func titles(_ kind: MemberFactKind) -> [String]? {
            let found = rows.filter { $0.0 == kind }.map(\.1)
            return found.isEmpty ? nil : found
        }
        let marks = rows.compactMap(\.2)
        return (titles(.position), titles(.honour), marks.isEmpty ? nil : marks)
    }

    /// A member of whom the acting site records a fact of a day, locked. Since joining, also where the member was elsewhere then: who has the
    /// member now has the record.
    /// - Throws: `host.notFound`; `membership.memberEnded`.
    static func noting(_ id: RecordID, on day: LocalDate, _ discipline: DisciplineKind?, _ call: Call) throws
        -> Expulsion
    {
        guard
            let (person, joinedOn, _) = try call.db.first(
                MemberStore.lock(id, site: call.site.id), as: (RecordID, LocalDate, RecordID?).self)
        else { throw MembershipFault.notFound("memberId", id) }
        let chain = try FactChain(of: id, joinedOn: joinedOn, call)
        let isMember = day >= joinedOn && (chain.end.map { day < $0.on } ?? true)
        // Whoever was expelled gets the decision beside the end that is recorded.
        let isExpelled = discipline == .expelled && chain.end?.how == .expelled
        guard !chain.hasLeft, isMember || isExpelled else {
            throw MembershipFault.memberEnded.fault(["memberId": .string(id.description)])
        }
        return Expulsion(member: id, person: person, chain: chain, call: call)
    }

    /// The member of a fact of the acting site, locked, and whether it is a discipline.
    /// - Throws: `host.notFound`; `host.invalidParams` of who has left with a transfer: the receiving site has the facts now.
    static func locked(_ fact: RecordID, _ call: Call) throws -> (member: RecordID, isDiscipline: Bool) {
        let site = try call.site.id
        guard
            let (member, isDiscipline) = try call.db.first(
                MemberFactStore.subject(fact, site: site), as: (RecordID, Bool).self)
        else { throw MembershipFault.notFound("factId", fact) }
        try call.db.execute(MemberStore.lock(member, site: site), expecting: .rows(1))
        guard try !(call.db.first(MemberStore.hasLeft(member, site: site), as: Bool.self) ?? false) else {
            throw Fault.invalid(
                "/factId",
                expected: "a fact of a member of this site; after a transfer the receiving site corrects and ends it",
                zh: "本机构在册党员的记录；组织关系转出后由转入方更正或终止")
        }
        return (member, isDiscipline)
    }
}
