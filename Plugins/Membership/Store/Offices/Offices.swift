internal import XinglinKit

/// What methods about officers share.
enum Offices {
    /// What is not as BR-01 to BR-07 have it, of one organisation, for the reply of a write; nil where nothing is.
    static func warnings(
        of organization: RecordID, on day: LocalDate, _ call: Call
    ) throws -> [OrganizationWarning]? {
        // Of an organisation of another site nobody here knows the members.
        guard try call.db.first(OrganizationStore.isReadable(organization), as: Bool.self) ?? false else { return nil }
        let rules = try OfficeRules.today(call)
        return OrganizationWarning.ifAny(
            try OfficeTree(organization, on: day, call).warnings(rules, rootAlone: true, call))
    }

    /// An organisation that has officers, kept here and locked.
    /// - Throws: `host.notFound`; `membership.organizationEnded`; `host.invalidParams` for a group.
    static func locked(_ id: RecordID, on day: LocalDate, _ call: Call) throws -> PartyOrganization {
        let one = try Organizations.own(id, on: day, call)
        guard [.branch, .generalBranch, .committee].contains(one.kind) else {
            throw Fault.invalid(
                "/organizationId", expected: "a branch, a general branch or a committee", zh: "党支部、党总支或党委")
        }
        try call.db.execute(OfficeStore.lock(id, site: one.keptAt), expecting: .rows(1))
        return one
    }

    /// The posts of a term of an organisation that is locked; those before there was one where it is nil.
    static func spans(_ organization: PartyOrganization, term: RecordID?, _ call: Call) throws -> [PostSpan] {
        typealias Columns = (RecordID, RecordID, OfficePost, LocalDate, LocalDate?, RecordID?, String)
        let sql = OfficeStore.spans(of: organization.id, term: term, site: organization.keptAt)
        return try call.db.query(sql, as: Columns.self).map { row in
            PostSpan(
                id: row.0, member: row.1, post: row.2, from: row.3, until: row.4, election: row.5, reason: row.6)
        }
    }

    /// Only a full member of the organisation or of what stands below it, with the rights of one, stands for election (BR-05). Which of
    /// them somebody lacks is not said: discipline is restricted.
    /// - Throws: `membership.candidateUnfit`.
    static func mustBeEligible(_ members: [RecordID], in tree: OfficeTree, _ call: Call) throws {
        let standings = try Members.standings(members, on: tree.day, call)
        let without = try Discipline.isWithoutRights(members, on: tree.day, call)
        let unfit = members.filter { id in
            guard let standing = standings[id], standing.status == .full, tree.contains(standing.organization) else {
                return true
            }
            return without.contains(id)
        }
        guard unfit.isEmpty else {
            throw OfficeFault.candidateUnfit.fault([
                "rule": "BR-05", "memberIds": .array(unfit.map { .string($0.description) }),
            ])
        }
    }

    /// The names of some members; masked unless a purpose is named. The look is audited.
    static func names(
        _ members: [RecordID], unmask: GetMember.Unmask?, _ call: Call
    ) throws -> [RecordID: String] {
        let ids = Array(Set(members)).sorted()
        guard !ids.isEmpty else { return [:] }
        let rows = try call.db.query(OfficeStore.persons(ids), as: (RecordID, RecordID).self)
        let persons = try PeopleIndex.persons(Array(Set(rows.map(\.1))), call)
        call.recordAccess(basis: unmask?.purpose.rawValue ?? "view", subjects: ids)
        if unmask != nil { call.note("unmasked", true) }
        return rows.reduce(into: [:]) { all, row in
            guard let name = persons[row.1]?.nameZh else { return }
            all[row.0] = unmask == nil ? MaskedName.of(name) : name
        }
    }

    /// Keeps the paper of a decision, which must be there.
    static func paper(
        _ paper: PaperReference?, at pointer: String, record: RecordID, _ call: Call
    ) throws -> PaperReference {
        let kept = try Papers.keep(paper, at: pointer, call)
        try Papers.reference(kept, by: "committee_paper", record: record, readableBy: GetCommittee.name, call)
        return kept
    }
}
