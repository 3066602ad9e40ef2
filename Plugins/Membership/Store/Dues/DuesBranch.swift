internal import XinglinKit

/// A branch of the acting site in a month of dues.
struct DuesBranch {
    let id: RecordID
    let month: CalendarMonth
    let call: Call

    /// A branch that exists on the first of the month, or comes to be during it.
    /// - Throws: `host.notFound`; `membership.organizationEnded`; `membership.duesNotABranch`.
    init(_ id: RecordID, _ month: CalendarMonth, _ call: Call) throws {
        let first = try Organizations.decode(call.db.rows(OrganizationStore.one(id, on: month.first))).first
        let one: PartyOrganization
        if let first, !first.isEnded { one = first } else { one = try Organizations.living(id, on: month.last, call) }
        guard one.keptAt == (try call.site.id) else { throw MembershipFault.notFound("organizationId", id) }
        guard one.kind == .branch else {
            throw DuesFault.notABranch.fault(["kind": .string(one.kind.rawValue)])
        }
        self.id = id
        self.month = month
        self.call = call
    }

    /// The first and last month that it has opened, and the first that is not closed.
    func range() throws -> (first: CalendarMonth?, last: CalendarMonth?, open: CalendarMonth?) {
        let row = try self.call.db.first(
            DuesLineStore.range(of: self.id, site: self.call.site.id),
            as: (CalendarMonth?, CalendarMonth?, CalendarMonth?).self)
        return (row?.0, row?.1, row?.2)
    }

    /// Locks the month, and says whether it is open or closed. Whoever assesses, closes or pays in it waits.
    func locked() throws -> DuesMonthState {
        let site = try self.call.site.id
        let results = try self.call.db.batch([
            Statement(DuesLineStore.lock(self.month, of: self.id, site: site)),
            Statement(DuesLineStore.closing(self.month, of: self.id, site: site)),
        ])
        guard !results[0].isEmpty else { return .notOpen }
        return results[1].isEmpty ? .open : .closed
    }
}

/// Reads and locks the member whose dues are booked.
enum DuesMembers {
    /// Locks a member of the acting site, also one who has left: dues that were owed are still paid.
    /// - Throws: `host.notFound`.
    static func lock(_ id: RecordID, _ call: Call) throws {
        let row = try call.db.first(
            DuesFactStore.lock(id, site: call.site.id), as: (RecordID, LocalDate).self)
        guard row != nil else { throw MembershipFault.notFound("memberId", id) }
    }

    /// The branch or group of a member at the acting site on a day; that which they left where they had.
    /// - Throws: `membership.memberEnded` for a day before the member came.
    static func organization(of id: RecordID, on day: LocalDate, _ call: Call) throws -> RecordID {
        let site = try call.site.id
        let rows = try call.db.query(
            MemberStore.standings([id], on: day),
            as: (RecordID, RecordID, RecordID, MemberStatus?, LocalDate?, RecordID?).self)
        guard let organization = rows.first(where: { $0.1 == site })?.5 else {
            throw MembershipFault.memberEnded.fault(["memberId": .string(id.description)])
        }
        return organization
    }

    /// The lines of a member that money is booked on, locked with the member: none of them changes until the call is over.
    static func lines(
        of id: RecordID, _ call: Call
    ) throws -> (open: [Settlement.Open], closed: Set<CalendarMonth>) {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(DuesPaymentStore.lockMonths(of: id, site: site)),
            Statement(DuesPaymentStore.lines(of: id, site: site)),
        ])
        let rows = try results[1].decode(as: (CalendarMonth, Int64, Bool).self)
        return (rows.map { .init(month: $0.0, fen: $0.1) }, Set(rows.filter(\.2).map(\.0)))
    }

    /// The closed months of a member from one to another: what is recorded for them changes nothing any more.
    static func closed(
        _ id: RecordID, from: CalendarMonth, until: CalendarMonth? = nil, _ call: Call
    ) throws -> [CalendarMonth] {
        try call.db.query(
            DuesFactStore.closed(id, from: from, until: until, site: call.site.id), as: CalendarMonth.self)
    }
}
