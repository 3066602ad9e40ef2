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

        var holds: Bool { self.correctedBy == nil && !self.isVoid }
    }

    /// Every fact of a member in the readable sites, the oldest first.
    static func rows(of member: RecordID, _ call: Call) throws -> [Row] {
        try call.db.query(
            MemberFactStore.facts(of: member),
            as: (
                RecordID, RecordID, MemberFactKind, String, HonourLevel?, String, MemberMark?, LocalDate, LocalDate?,
                RecordID?, Bool, RecordID?, String?, Timestamp
            ).self
        ).map { row in
            Row(
                id: row.0, site: row.1,
                fact: MemberFact(
                    kind: row.2, title: row.3, level: row.4, grantedBy: row.5, mark: row.6, from: row.7, until: row.8),
                corrects: row.9, isVoid: row.10, correctedBy: row.11, reason: row.12, recordedAt: row.13)
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

    /// The member of a fact of the acting site, locked, and whether it is a discipline.
    /// - Throws: `host.notFound`.
    static func locked(_ fact: RecordID, _ call: Call) throws -> (member: RecordID, isDiscipline: Bool) {
        let site = try call.site.id
        guard
            let (member, isDiscipline) = try call.db.first(
                MemberFactStore.subject(fact, site: site), as: (RecordID, Bool).self)
        else { throw MembershipFault.notFound("factId", fact) }
        try call.db.execute(MemberStore.lock(member, site: site), expecting: .rows(1))
        return (member, isDiscipline)
    }
}
