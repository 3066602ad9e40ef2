internal import XinglinKit

/// What the lines of one chunk are judged with: the organisations, the rules, and who is claimed where.
struct RegisterBench {
    private let organizations: OrganizationIndex
    private let rules: RegisterLine.Rules
    private let site: RecordID
    private let call: Call

    init(_ call: Call) throws {
        self.organizations = try Self.organizations(call.db.rows(RegisterStore.organizations))
        self.rules = try RegisterLine.Rules(MembershipRules.book(on: call.today, call))
        self.site = try call.site.id
        self.call = call
    }

    /// Reads the rows of `RegisterStore.organizations`.
    static func organizations(_ rows: Rows) throws -> OrganizationIndex {
        typealias Columns = (RecordID, RecordID, OrganizationKind, String, RecordID?, LocalDate, Bool)
        return OrganizationIndex(
            try rows.decode(as: Columns.self).map { row in
                OrganizationIndex.Entry(
                    id: row.0, keptAt: row.1, kind: row.2, nameZh: row.3, parentID: row.4, foundedOn: row.5,
                    isEnded: row.6)
            })
    }

    /// Where a person is.
    enum Claim {
        case elsewhere, candidate
        case member(RegisteredMember)
    }

    func claims(_ persons: [RecordID]) throws -> [RecordID: Claim] {
        guard !persons.isEmpty else { return [:] }
        let rows = try self.call.db.query(
            RegisterStore.claims(persons), as: (RecordID, ClaimKind, RecordID, RecordID).self)
        let here = rows.filter { $0.3 == self.site && $0.1 == .member }
        let standings = try self.standings(here.map(\.2))
        return rows.reduce(into: [:]) { all, row in
            all[row.0] = row.3 != self.site ? .elsewhere : .candidate
            if row.1 == .member, let member = standings[row.2] { all[row.0] = .member(member) }
        }
    }

    private func standings(_ members: [RecordID]) throws -> [RecordID: RegisteredMember] {
        guard !members.isEmpty else { return [:] }
        typealias Columns = (RecordID, LocalDate, MemberStatus, LocalDate, RecordID, LocalDate, LocalDate, LocalDate?)
        let rows = try self.call.db.query(
            RegisterStore.standings(members, site: self.site, on: self.call.today), as: Columns.self)
        return rows.reduce(into: [:]) { all, row in
            all[row.0] = RegisteredMember(
                joinedOn: row.1, status: row.2, statusSince: row.3, fullFrom: row.7, organization: row.4,
                organizationSince: row.5,
                firstOn: row.6)
        }
    }

    func takesMembers(_ id: RecordID) -> Bool { self.organizations.byID[id].map(self.fits) ?? false }

    private func fits(_ entry: OrganizationIndex.Entry) -> Bool {
        entry.keptAt == self.site && entry.kind.hasMembers && !entry.isEnded
    }

    func verdict(
        _ line: ImportLine, _ read: RegisterLine, _ person: RegisterPeople.Written, _ judged: RegisterPeople.Judged,
        _ claims: [RecordID: Claim]
    ) -> ImportVerdict {
        var read = read
        let organization = line["organization"].flatMap { self.organization($0, &read) }
        read.judge(
            born: judged.birthDate ?? read.birthDate, founded: organization?.foundedOn, self.rules,
            today: self.call.today)
        for objection in judged.faults where Self.isNew(objection, line, read) {
            read.add(objection.field, .init(zh: objection.textZh, en: objection.textEn))
        }
        let claim = judged.personId.flatMap { claims[$0] }
        switch claim {
        case .elsewhere: read.add("documentNumber", RegisterText.claimedElsewhere)
        case .candidate: read.add("documentNumber", RegisterText.candidateHere)
        case .member, nil: break
        }
        guard read.faults.isEmpty, let organization, let joinedOn = read.joinedOn, let number = judged.documentNumber
        else { return .faulty(read.faults) }
        if case .member(let member) = claim {
            let fields = member.differences(read, organization: organization.id)
            guard fields.isEmpty else { return .faulty(fields.map { ImportFault($0, RegisterText.enrolledOtherwise) }) }
            return .good(prepared: PreparedMember.unchanged, unique: Array(number.utf8))
        }
        let prepared = PreparedMember(
            self.call.newID(), person, read, organization, joinedOn: joinedOn,
            probationYears: Int(self.rules.probationYears))
        return .good(prepared: prepared.content, unique: Array(number.utf8))
    }

    /// What the index misses because the line lacks it, or cannot be read, was told already.
    private static func isNew(_ objection: RegisterPeople.Objection, _ line: ImportLine, _ read: RegisterLine) -> Bool {
        guard let field = objection.field, !read.faults.contains(where: { $0.field == field }) else {
            return objection.field == nil
        }
        // Without a number the sex is not known from it.
        return field != "sex" || line["sex"] != nil
    }

    private func organization(_ text: String, _ read: inout RegisterLine) -> OrganizationIndex.Entry? {
        switch self.organizations.find(text, where: self.fits) {
        case .one(let entry): return entry
        case .several: read.add("organization", RegisterText.organizationAmbiguous)
        case .none:
            let here = self.organizations.find(text) { $0.keptAt == self.site && $0.kind.hasMembers }
            let other = self.organizations.find(text) { $0.keptAt == self.site && !$0.isEnded }
            switch (here, other) {
            case (.none, .none): read.add("organization", RegisterText.organizationUnknown)
            case (.none, _): read.add("organization", RegisterText.notABranch)
            default: read.add("organization", RegisterText.organizationEnded)
            }
        }
        return nil
    }
}
