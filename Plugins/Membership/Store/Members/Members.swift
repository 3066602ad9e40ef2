internal import XinglinKit

/// Reads and writes members in a call.
enum Members {
    /// Where a member stands on a day.
    struct Standing: Sendable {
        let member: RecordID
        let site: RecordID
        let person: RecordID
        let status: MemberStatus
        let since: LocalDate
        let organization: RecordID
    }

    /// Where some members stand on a day, by id. Those are missing whom the readable sites do not know, or who had not joined.
    static func standings(_ ids: [RecordID], on day: LocalDate, _ call: Call) throws -> [RecordID: Standing] {
        let rows = try call.db.query(
            MemberStore.standings(ids, on: day),
            as: (RecordID, RecordID, RecordID, MemberStatus?, LocalDate?, RecordID?).self)
        return rows.reduce(into: [:]) { all, row in
            guard let status = row.3, let since = row.4, let organization = row.5 else { return }
            let new = Standing(
                member: row.0, site: row.1, person: row.2, status: status, since: since, organization: organization)
            // Of two sites the one that still has them, or had them last.
            guard let old = all[row.0], old.status != .ended, new.status == .ended else {
                all[row.0] = new
                return
            }
        }
    }

    /// Puts a person into the register of the acting site.
    /// - Throws: `membership.personClaimed`.
    static func enrol(_ member: MemberStore.NewMember, facts: [MemberStore.Fact], _ call: Call) throws {
        let act = try Act(call)
        try Self.mustBeFree(member.person, call)
        try call.db.batch(
            [
                Statement(MemberStore.claim(member.person, as: .member, member.id, act), .rows(1)),
                Statement(MemberStore.add(member, act), .rows(1)),
            ] + facts.map { Statement(MemberStore.record($0, act), .rows(1)) })
    }

    /// - Throws: `membership.personClaimed` with the record where it is the acting site's. The constraint of the same name judges races.
    static func mustBeFree(_ person: RecordID, _ call: Call) throws {
        guard
            let (kind, record, site) = try call.db.first(
                MemberStore.claim(ofAny: PeopleIndex.everyID(of: person, call)),
                as: (ClaimKind, RecordID, RecordID).self)
        else { return }
        let isHere = try call.site.id == site
        var details: [String: JSONValue] = ["kind": .string(kind.rawValue), "here": .bool(isHere)]
        if isHere { details[kind == .member ? "memberId" : "candidateId"] = .string(record.description) }
        throw MembershipFault.personClaimed.fault(.object(details))
    }

    /// Locks a member of the acting site who is one on the day; gives person and joining.
    /// - Throws: `host.notFound`; `membership.memberEnded`.
    static func locked(
        _ id: RecordID, on day: LocalDate, _ call: Call
    ) throws -> (person: RecordID, joinedOn: LocalDate, standing: Standing) {
        let site = try call.site.id
        guard
            let (person, joinedOn, _) = try call.db.first(
                MemberStore.lock(id, site: site), as: (RecordID, LocalDate, RecordID?).self)
        else { throw MembershipFault.notFound("memberId", id) }
        let here = try Self.standings([id], on: day, call)[id]
        guard let standing = here, standing.site == site, standing.status != .ended else {
            throw MembershipFault.memberEnded.fault(["memberId": .string(id.description)])
        }
        return (person, joinedOn, standing)
    }

    /// A fact may not lie before the last one that is recorded: what followed from it would not hold. Corrections are for that.
    /// - Throws: `membership.factOutOfOrder`.
    static func mustFollow(_ id: RecordID, on day: LocalDate, _ call: Call) throws {
        let range = try call.db.first(
            MemberStore.range(of: id, site: call.site.id), as: (LocalDate?, LocalDate?).self)
        guard let last = range?.1, day < last else { return }
        throw MembershipFault.outOfOrder(from: last, to: nil)
    }
}
