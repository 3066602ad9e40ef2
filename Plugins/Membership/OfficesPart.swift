internal import XinglinKit

/// What committees and their elections, the grid of links, and the other facts of members add to the module.
enum OfficesPart {
    static let tables: [ModuleManifest.Table] = [
        .ledger("election"), .ledger("ballot"), .ledger("office"), .ledger("election_delay"), .ledger("link"),
        .ledger("contact"), .ledger("mentor_pair"), .ledger("member_fact"), .ledger("discipline"), .ledger("ending"),
    ]

    static let uses = ["people.staff.getMany", "people.department.list"]

    static var methods: [any RPCMethod] {
        [
            CheckOrganization(), ElectCommittee(), AppointOfficer(), LeaveCommittee(), GetCommittee(), ListElections(),
            PutOffElection(), CountElections(), CreateLink(), EndLink(), ListLinks(), RecordContact(), ListContacts(),
            ListContactsDue(), PairMentor(), EndMentorPair(), ListMentorPairs(), NoteMember(), ListFacts(), EndFact(),
            CorrectFact(),
        ]
    }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let day = act.now.localDate
        let counts = Election(
            due: 1, present: 1, seats: 1, isCommittee: false, candidates: [.init(member: id, votes: 1)])
        let election = ElectionStore.New(
            id: id, term: id, organization: id, on: day, counts: counts, isVillage: false,
            result: .init(
                isValid: true, presentRequired: 1, votesRequired: 1, candidatesRequired: 1, elected: [id], vacant: 0),
            endsOn: day, timing: .first, wasDueOn: nil, ruleVersion: "1.0")
        let giving = OfficeStore.Giving(organization: id, term: id, election: id, on: day)
        let delay = ElectionStore.Delay(
            id: id, organization: id, term: id, on: day, until: day, reason: "-", paper: PaperReference())
        return [
            OfficeStore.lock(id, site: id), OfficeStore.tree(id, on: day), OfficeStore.terms([id], on: day),
            OfficeStore.officers([id], on: day), OfficeStore.spans(of: id, term: id, site: id),
            OfficeStore.standingFrom([id], on: day), OfficeStore.persons([id]),
            OfficeStore.give([.init(id: id, member: id, post: .member)], giving, act),
            OfficeStore.end([id], .office, on: day, reason: "", act), OfficeStore.figures(id, from: day, to: day),
            ElectionStore.add(election, act), ElectionStore.addBallots(id, counts, elected: [id], act),
            ElectionStore.holding(id, site: id), ElectionStore.putOff(delay, act),
            ElectionStore.list(id, on: day, before: (day, id), limit: 1), ElectionStore.ballots([id]),
        ] + Self.links(id, day, act) + Self.facts(id, day, act)
    }

    private static func links(_ id: RecordID, _ day: LocalDate, _ act: Act) -> [SQL] {
        let link = LinkStore.New(
            id: id, organization: id, kind: .groupToUnit, fromMember: nil, fromOrganization: id, to: .init(), from: day)
        let pair = MentorStore.New(id: id, mentor: id, mentee: nil, candidate: id, from: day)
        return [
            LinkStore.add(link, act), LinkStore.standing(link, site: id), LinkStore.one(id, site: id),
            LinkStore.list(id, nil, on: day, after: id, limit: 1), LinkStore.lapsed([id], on: day),
            LinkStore.record(.init(id: id, link: id, on: day, kind: .call, minutes: nil, note: nil), act),
            LinkStore.contacts(id, before: (day, id), limit: 1), LinkStore.households(id, from: day, to: day),
            MentorStore.add(pair, act), MentorStore.lockCandidate(id, site: id), MentorStore.standing(pair, site: id),
            MentorStore.one(id, site: id), MentorStore.list(id, on: day, after: id, limit: 1),
        ]
    }

    private static func facts(_ id: RecordID, _ day: LocalDate, _ act: Act) -> [SQL] {
        let fact = MemberFact(kind: .position, title: "-", level: nil, grantedBy: "", mark: nil, from: day, until: nil)
        return [
            MemberFactStore.add(.init(id: id, member: id, fact: fact), act), MemberFactStore.facts(of: id),
            MemberFactStore.holding(id, on: day), MemberFactStore.marked("dualLeader", [id], on: day),
            MemberFactStore.subject(id, site: id),
            MemberFactStore.addDiscipline(id, of: id, SQLBytes([]), corrects: nil, isVoid: false, act),
            MemberFactStore.discipline(of: [id]),
        ]
    }
}
