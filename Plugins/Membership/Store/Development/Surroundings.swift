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
        if step == 7 || ApproverMustBeEntitled.concerns(step) {
            around.chain = try Organizations.above(self.organization, on: day, self.call)
        }
        if step == 7 { around.branchHasGroups = try self.hasGroups(around.chain, on: day) }
        if let named = facts?.id("approvedBy") {
            around.named = try Organizations.decode(self.call.db.rows(OrganizationStore.one(named, on: day))).first
        }
        let members = step == 5 || step == 9 ? (facts?.ids("mentors") ?? []) + (facts?.ids("introducers") ?? []) : []
        if !members.isEmpty {
            around.standings = try Members.standings(members, on: day, self.call).mapValues(\.status)
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

    private func hasGroups(_ chain: [PartyOrganization], on day: LocalDate) throws -> Bool {
        guard let branch = chain.first(where: { $0.kind == .branch }) else { return false }
        return try Organizations.decode(self.call.db.rows(OrganizationStore.children(of: branch.id, on: day)))
            .contains { $0.kind == .group }
    }
}
