internal import XinglinKit

/// Looks up what a step is judged by beside the development.
struct Surroundings {
    /// The branch or group.
    let organization: RecordID
    let person: RecordID
    let call: Call

    /// What a step with these facts is judged by, as it was on the day.
    func circumstances(of step: Int, on day: LocalDate, facts: StepFacts?) throws -> Circumstances {
        var around = Circumstances()
        let decides = DeciderMustFitBranch.concerns(step)
        let counts = MeetingShouldCountAllEntitled.concerns(step)
        if decides || counts || ApproverMustBeEntitled.concerns(step) {
            around.chain = try Organizations.above(self.place(of: step, on: day), on: day, self.call)
        }
        if let branch = around.chain.first(where: { $0.kind == .branch }) {
            if decides { around.branch = try self.branch(branch.id, on: day) }
            if counts { around.entitled = try self.entitled(in: branch.id, on: day) }
        }
        if step == 7 { around.branchHasGroups = try self.hasGroups(around.chain, on: day) }
        if let named = facts?.id("approvedBy") {
            around.named = try Organizations.decode(self.call.db.rows(OrganizationStore.one(named, on: day))).first
        }
        let members = step == 5 || step == 9 ? (facts?.ids("mentors") ?? []) + (facts?.ids("introducers") ?? []) : []
        if !members.isEmpty {
            around.standings = try Members.standings(members, on: day, self.call).mapValues(\.status)
            if step == 9 { around.withoutRights = try Discipline.isWithoutRights(members, on: day, self.call) }
        }
        if step == 1 || step == 3, let person = try PeopleIndex.persons([self.person], self.call)[self.person] {
            around.birthDate = person.birthDate
            around.documentKind = person.documentKind
        }
        return around
    }

    /// What every step is judged by that somebody asks about.
    func circumstances(on day: LocalDate) throws -> Circumstances {
        var around = Circumstances()
        around.chain = try Organizations.above(self.organization, on: day, self.call)
        return around
    }

    /// Where the person belongs on the day of a step: once a member, by the register.
    private func place(of step: Int, on day: LocalDate) throws -> RecordID {
        guard step > DevelopmentStep.admission else { return self.organization }
        return try self.call.db.first(
            MemberStore.place(of: self.person, site: self.call.site.id, on: day), as: RecordID.self)
            ?? self.organization
    }

    /// Whether a branch has a committee, by what is recorded of its elections and officers: as many as a committee has at the least (BR-03).
    private func branch(_ id: RecordID, on day: LocalDate) throws -> Circumstances.Branch {
        let tree = try OfficeTree(id, on: day, self.call)
        let seats = max(tree.terms[id]?.elected ?? 0, Set((tree.officers[id] ?? []).map(\.member)).count)
        return Circumstances.Branch(
            hasCommittee: seats >= (try OfficeRules.today(self.call)).seatsMin, full: tree.full)
    }

    /// How many full members of a branch have a vote: whoever is under 留党察看 with rights not restored has none (DV-20, 1.3).
    private func entitled(in branch: RecordID, on day: LocalDate) throws -> Int {
        let members = try self.call.db.query(
            MemberStore.list(
                .init(root: branch, status: .full), on: day, after: RecordID(high: 0, low: 0), limit: 100_000),
            as: (RecordID, RecordID, MemberStatus, RecordID, LocalDate, LocalDate).self
        ).map(\.0)
        return members.count - (try Discipline.isWithoutRights(members, on: day, self.call)).count
    }

    private func hasGroups(_ chain: [PartyOrganization], on day: LocalDate) throws -> Bool {
        guard let branch = chain.first(where: { $0.kind == .branch }) else { return false }
        return try Organizations.decode(self.call.db.rows(OrganizationStore.children(of: branch.id, on: day)))
            .contains { $0.kind == .group }
    }
}
