internal import XinglinKit

/// A change of an organisation on its way into the record.
struct OrganizationChanging {
    let subject: PartyOrganization
    let on: LocalDate
    let reason: String
    let paper: PaperReference
    let call: Call

    /// The organisation as it was last changed: later changes build on it.
    /// - Throws: `host.notFound`; `membership.organizationEnded`; `membership.changeOutOfOrder`.
    static func subject(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization {
        guard let one = try Organizations.decode(call.db.rows(OrganizationStore.latest(id))).first,
            one.keptAt == (try call.site.id)
        else { throw MembershipFault.notFound("organizationId", id) }
        guard !one.isEnded else {
            throw MembershipFault.organizationEnded.fault([
                "organizationId": .string(id.description), "foundedOn": .string(one.foundedOn.description),
                "endedOn": .string(one.validFrom.description),
            ])
        }
        guard day >= one.validFrom else {
            throw MembershipFault.changeOutOfOrder.fault(["earliestOn": .string(one.validFrom.description)])
        }
        return one
    }

    /// An organisation below this one as it was last changed; another site may keep it, and it goes along all the same.
    private func latest(_ id: RecordID) throws -> PartyOrganization {
        guard let one = try Organizations.decode(self.call.db.rows(OrganizationStore.latest(id))).first else {
            throw MembershipFault.notFound("organizationId", id)
        }
        guard self.on >= one.validFrom else {
            throw MembershipFault.changeOutOfOrder.fault(["earliestOn": .string(one.validFrom.description)])
        }
        return one
    }

    /// What ends or goes elsewhere has nobody and nothing in it after that day.
    /// - Throws: `membership.changeOutOfOrder`.
    private func mustFollowEverything() throws {
        let last = try self.call.db.first(OrganizationStore.lastTouch(self.subject.id), as: LocalDate?.self)
        guard let last = last ?? nil, last > self.on else { return }
        throw MembershipFault.changeOutOfOrder.fault(["earliestOn": .string(last.description)])
    }

    func rename(_ nameZh: String) throws {
        try self.add(.init(after: self.subject, .renamed, on: self.on, nameZh: nameZh, parent: self.subject.parentID))
    }

    /// - Throws: `membership.parentUnfit`, also where it would stand below itself.
    func move(below parent: RecordID?) throws {
        let above = try parent.map { try Organizations.above($0, on: self.on, self.call) } ?? []
        if let parent {
            _ = try Organizations.living(parent, on: self.on, self.call)
            // It must not have ended since.
            let standing = try Organizations.living(parent, on: self.call.today, self.call)
            try Self.mustBeOneSites(self.subject.kind, below: standing, self.subject.keptAt)
            let now = try Organizations.above(parent, on: self.call.today, self.call)
            guard !(above + now).contains(where: { $0.id == self.subject.id }) else {
                throw MembershipFault.parentUnfit(self.subject.kind, self.subject.kind)
            }
        }
        try PartyOrganization.mustFit(self.subject.kind, below: above.first)
        try self.add(.init(after: self.subject, .moved, on: self.on, parent: parent))
    }

    /// A group is part of its branch, so one site keeps both.
    static func mustBeOneSites(
        _ kind: OrganizationKind, below parent: PartyOrganization, _ site: RecordID
    ) throws(Fault) {
        guard kind != .group || parent.keptAt == site else { throw MembershipFault.parentUnfit(kind, parent.kind) }
    }

    /// A branch that has grown becomes a general branch, and so on. What stands above and below must fit, and members must have gone
    /// where members may be.
    func reclassify(as kind: OrganizationKind) throws {
        let parent = try self.subject.parentID.map { try Organizations.living($0, on: self.on, self.call) }
        try PartyOrganization.mustFit(kind, below: parent)
        if let parent { _ = try Organizations.living(parent.id, on: self.call.today, self.call) }
        let children = try Organizations.decode(
            self.call.db.rows(OrganizationStore.children(of: self.subject.id, on: self.call.today)))
        for child in children where !child.kind.parents.contains(kind) {
            throw MembershipFault.parentUnfit(child.kind, kind)
        }
        if !kind.hasMembers { try self.mustHaveNobody() }
        try self.add(.init(after: self.subject, .reclassified, on: self.on, kind: kind, parent: self.subject.parentID))
    }

    func dissolve() throws {
        try self.mustFollowEverything()
        try self.mustHaveNobody()
        let (_, below) = try self.dependants()
        guard below == 0 else { throw self.notEmpty(0, below) }
        try self.add(.init(after: self.subject, .dissolved, on: self.on, parent: self.subject.parentID, isEnded: true))
    }

    /// All members and all that stands below go into another organisation of the same kind and site, on the day of the merger.
    func merge(into id: RecordID) throws -> ChangeOrganization.Reply {
        let target = try Self.subject(id, on: self.on, self.call)
        guard target.id != self.subject.id, target.kind == self.subject.kind else {
            throw MembershipFault.parentUnfit(self.subject.kind, target.kind)
        }
        try self.mustFollowEverything()
        let members = try self.members(of: self.subject.id)
        try self.assign(members, to: target.id)
        try self.assignCandidates(to: target.id)
        let children = try Organizations.decode(
            self.call.db.rows(OrganizationStore.children(of: self.subject.id, on: self.call.today)))
        for child in children {
            let latest = try self.latest(child.id)
            try self.add(.init(after: latest, .moved, on: self.on, parent: target.id))
        }
        var taking = OrganizationStore.Version(after: target, .took, on: self.on, parent: target.parentID)
        taking.other = self.subject.id
        try self.add(taking)
        var ending = OrganizationStore.Version(
            after: self.subject, .mergedInto, on: self.on, parent: self.subject.parentID, isEnded: true)
        ending.other = target.id
        try self.add(ending)
        return ChangeOrganization.Reply(
            organizationId: self.subject.id, version: ending.number, movedMembers: members.count,
            movedOrganizations: children.count)
    }

    /// Some members go into a new organisation of the same kind and place.
    func split(_ nameZh: String, members: [RecordID], below target: RecordID?) throws -> ChangeOrganization.Reply {
        guard self.subject.kind.hasMembers else {
            throw MembershipFault.notABranch.fault(["kind": .string(self.subject.kind.rawValue)])
        }
        var inside = Set(try self.members(of: self.subject.id))
        for group in try Organizations.decode(
            self.call.db.rows(OrganizationStore.children(of: self.subject.id, on: self.on)))
        {
            inside.formUnion(try self.members(of: group.id))
        }
        let wanted = Set(members)
        guard let stranger = wanted.subtracting(inside).sorted().first else {
            let id = self.call.newID()
            let act = try Act(self.call)
            let parent = target ?? self.subject.parentID
            try PartyOrganization.mustFit(
                self.subject.kind,
                below: parent.map { parent in
                    _ = try Organizations.living(parent, on: self.on, self.call)
                    return try Organizations.living(parent, on: self.call.today, self.call)
                })
            var founding = OrganizationStore.Version(
                founding: id, .foundedBySplit, on: self.on, kind: self.subject.kind, nameZh: nameZh, parent: parent,
                approves: false, isTemporary: self.subject.isTemporary)
            founding.other = self.subject.id
            try self.call.db.execute(OrganizationStore.found(id, on: self.on, act), expecting: .rows(1))
            try self.add(founding)
            var splitting = OrganizationStore.Version(
                after: self.subject, .splitOff, on: self.on, parent: self.subject.parentID)
            splitting.other = id
            try self.add(splitting)
            try self.assign(wanted.sorted(), to: id)
            return ChangeOrganization.Reply(
                organizationId: self.subject.id, version: splitting.number, newOrganizationId: id,
                movedMembers: wanted.count, movedOrganizations: 0)
        }
        throw MembershipFault.memberEnded.fault(["memberId": .string(stranger.description)])
    }

    private func assign(_ members: [RecordID], to organization: RecordID) throws {
        let act = try Act(self.call)
        for member in members {
            try self.call.db.execute(MemberStore.lock(member, site: act.site), expecting: .rows(1))
            try Members.mustFollow(member, on: self.on, self.call)
        }
        try self.call.db.batch(
            members.map { member in
                Statement(
                    MemberStore.record(
                        MemberStore.Fact(
                            id: self.call.newID(), member: member, on: self.on, change: .assigned,
                            organization: organization, reason: self.reason), act), .rows(1))
            })
    }

    private func add(_ version: OrganizationStore.Version) throws {
        var version = version
        version.reason = self.reason
        version.document = self.paper
        try self.call.db.execute(OrganizationStore.add(version, Act(self.call)), expecting: .rows(1))
    }

    /// Who is in it on the day of the change; whoever came in later is in the way of it.
    private func members(of id: RecordID) throws -> [RecordID] {
        let then = try self.call.db.query(OrganizationStore.members(of: id, on: self.on), as: RecordID.self)
        let last = try self.call.db.query(
            OrganizationStore.members(of: id, on: LocalDate(year: 9999, month: 12, day: 31) ?? self.call.today),
            as: RecordID.self)
        guard Set(last).isSubset(of: then) else { throw self.notEmpty(Set(last).subtracting(then).count, 0) }
        return last
    }

    private func mustHaveNobody() throws {
        let members = try self.call.db.query(
            OrganizationStore.members(of: self.subject.id, on: LocalDate(year: 9999, month: 12, day: 31) ?? self.on),
            as: RecordID.self)
        let (then, _) = try self.dependants()
        guard members.isEmpty, then == 0 else { throw self.notEmpty(max(members.count, then), 0) }
        let candidates = try self.candidates()
        guard candidates.isEmpty else { throw self.notEmpty(0, 0, candidates: candidates.count) }
    }

    /// The open candidates of the organisation today, each with the day of the last entry.
    private func candidates() throws -> [(RecordID, LocalDate)] {
        try self.call.db.query(
            CandidateStore.open(in: self.subject.id, on: self.call.today), as: (RecordID, LocalDate).self)
    }

    /// Candidates go along with a merger, which may not be dated before what was recorded of one.
    private func assignCandidates(to organization: RecordID) throws {
        let act = try Act(self.call)
        for (candidate, last) in try self.candidates() {
            try self.call.db.execute(DevelopmentStore.lock(candidate, site: act.site), expecting: .rows(1))
            guard self.on >= last else {
                throw MembershipFault.changeOutOfOrder.fault(["earliestOn": .string(last.description)])
            }
            let entry = DevelopmentStore.New(
                id: self.call.newID(), candidate: candidate, on: self.on, kind: .assigned, organization: organization,
                reason: self.reason)
            try self.call.db.execute(DevelopmentStore.add(entry, act), expecting: .rows(1))
        }
    }

    private func dependants() throws -> (members: Int, organizations: Int) {
        let counts = try self.call.db.first(
            OrganizationStore.dependants(of: self.subject.id, on: self.on), as: (Int, Int).self)
        return counts ?? (0, 0)
    }

    private func notEmpty(_ members: Int, _ organizations: Int, candidates: Int = 0) -> Fault {
        MembershipFault.organizationNotEmpty.fault([
            "members": .integer(Int64(members)), "organizations": .integer(Int64(organizations)),
            "candidates": .integer(Int64(candidates)),
        ])
    }
}
