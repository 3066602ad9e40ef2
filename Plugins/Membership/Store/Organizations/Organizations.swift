internal import XinglinKit

/// Reads organisations in a call.
enum Organizations {
    typealias Columns = (
        RecordID, RecordID, LocalDate, Int, LocalDate, OrganizationKind, String, RecordID?, Bool, Bool, Bool
    )

    static func decode(_ rows: Rows) throws -> [PartyOrganization] {
        try rows.decode(as: Columns.self).map { row in
            PartyOrganization(
                id: row.0, keptAt: row.1, foundedOn: row.2, version: row.3, validFrom: row.4, kind: row.5,
                nameZh: row.6,
                parentID: row.7, approves: row.8, isTemporary: row.9, isEnded: row.10)
        }
    }

    /// An organisation that exists on the day.
    /// - Parameter pointer: the parameter that names it.
    /// - Throws: `host.notFound`; `membership.organizationEnded`.
    static func living(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization {
        guard let latest = try Self.decode(call.db.rows(OrganizationStore.latest(id))).first else {
            throw MembershipFault.notFound("organizationId", id)
        }
        guard let one = try Self.decode(call.db.rows(OrganizationStore.one(id, on: day))).first, !one.isEnded else {
            var details: [String: JSONValue] = [
                "organizationId": .string(id.description), "foundedOn": .string(latest.foundedOn.description),
            ]
            if latest.isEnded { details["endedOn"] = .string(latest.validFrom.description) }
            throw MembershipFault.organizationEnded.fault(.object(details))
        }
        return one
    }

    /// An organisation that exists on the day and that a readable site keeps: of others no figure is shown, for nothing is not none.
    /// - Throws: `host.notFound`; `membership.organizationEnded`.
    static func readable(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization {
        let one = try Self.living(id, on: day, call)
        guard try call.db.first(OrganizationStore.isReadable(id), as: Bool.self) ?? false else {
            throw MembershipFault.notFound("organizationId", id)
        }
        return one
    }

    /// An organisation whose records the acting site keeps.
    /// - Throws: `host.notFound`; `membership.organizationEnded`.
    static func own(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization {
        let one = try Self.living(id, on: day, call)
        guard one.keptAt == (try call.site.id) else { throw MembershipFault.notFound("organizationId", id) }
        return one
    }

    /// A branch or group of the acting site, for members and candidates.
    /// - Throws: `host.notFound`; `membership.organizationEnded`; `membership.notABranch`.
    static func forMembers(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization {
        let one = try Self.own(id, on: day, call)
        guard one.kind.hasMembers else {
            throw MembershipFault.notABranch.fault(["kind": .string(one.kind.rawValue)])
        }
        return one
    }

    /// The organisation and those above it on a day, the nearest first.
    static func above(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> [PartyOrganization] {
        try Self.decode(call.db.rows(OrganizationStore.above(id, on: day)))
    }

    /// The branch that a branch or group belongs to.
    static func branch(of id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization? {
        try Self.above(id, on: day, call).first { $0.kind == .branch }
    }

    /// The nearest committee above that may approve (DV-18); nil where the tree has none.
    static func approver(above id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization? {
        try Self.above(id, on: day, call).dropFirst().first { $0.approves && !$0.isEnded }
    }
}
