internal import XinglinKit

/// The statements about organisations and members, for the conformance suite.
enum MembershipStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let day = act.now.localDate
        let version = OrganizationStore.Version(
            founding: id, .founded, on: day, kind: .branch, nameZh: "", parent: nil, approves: false, isTemporary: false
        )
        let fact = MemberStore.Fact(id: id, member: id, on: day, change: .enrolled)
        var correction = fact
        correction.corrects = id
        return [
            OrganizationStore.one(id, on: day), OrganizationStore.latest(id), OrganizationStore.above(id, on: day),
            OrganizationStore.children(of: id, on: day), OrganizationStore.changing,
            OrganizationStore.found(id, on: day, act), OrganizationStore.add(version, act),
            OrganizationStore.list(.init(), on: day, after: id, limit: 1), OrganizationStore.history(id),
            OrganizationStore.dependants(of: id, on: day), OrganizationStore.members(of: id, on: day),
            MemberStore.claim(id, as: .member, id, act), MemberStore.claimAsMember(id, id, act),
            MemberStore.release(id, id, act), MemberStore.claim(of: id), MemberStore.claims(of: [id]),
            MemberStore.add(.init(id: id, person: id, joinedOn: day, isImported: true, candidate: nil), act),
            MemberStore.record(fact, act), MemberStore.record(correction, act), MemberStore.claim(ofAny: [id]),
            MemberStore.lastFact(ofAny: [id], site: id),
            OrganizationStore.lastTouch(id), OrganizationStore.isReadable(id), MemberStore.lock(id, site: id),
            MemberStore.standing(id, on: day),
            MemberStore.standings([id], on: day), MemberStore.facts(of: id, site: id),
            MemberStore.range(of: id, site: id), MemberStore.hasLeft(id, site: id),
            MemberStore.list(.init(), on: day, after: id, limit: 1), MemberStore.counts(id, on: day),
            MemberStore.organizations(id, on: day), CandidateStore.counts(id, on: day),
            BalanceStore.changes(id, from: day, to: day), Annulment.uses(of: id, site: id),
        ]
    }
}
