internal import XinglinKit

/// What the development of members adds to the module.
enum DevelopmentPart {
    static let tables: [ModuleManifest.Table] = [
        .perSite("candidate"), .ledger("development_entry"), .ledger("development_document"), .ledger("vote"),
        .ledger("backdating"), .reference("development_step"),
    ]

    static let dataFiles: [ModuleManifest.DataFile] = [
        .init(StepFile.name, sha256: "d9911e8c3ea8fb943e1b67c45e28738b3ec88705b65d7a512768270a8c540393")
    ]

    static var methods: [any RPCMethod] {
        [
            ListSteps(), ApplyForMembership(), TakeOverDevelopment(), RecordStep(), RecordVote(), ShowNextSteps(),
            ApproveBackdating(), ExtendProbation(), CancelDevelopment(), WithdrawApplication(), RecordAppraisal(),
            ListDevelopments(), ShowTimeline(), CorrectDevelopment(), AssignCandidate(),
        ]
    }

    /// Fills the steps from their file.
    static func load(_ files: DataFiles, into db: Database) throws {
        let table = try StepFile.steps(parsing: files[StepFile.name])
        try db.execute(StepStore.upsert(table.steps), expecting: .rows(table.steps.count))
    }

    /// The statements, for the conformance suite.
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let day = act.now.localDate
        let count = VoteCount(due: 3, present: 2, writtenInFavour: 0, inFavour: 2, recused: 0)
        let vote = DevelopmentStore.Vote(
            id: id, candidate: id, on: day, purpose: .admission, count: count, registered: nil,
            outcome: count.outcome(attendanceOver: 50, inFavourOver: 50), version: "1.0", entry: nil)
        return [
            StepStore.all, DevelopmentStore.addCandidate(id, person: id, isImported: false, act),
            DevelopmentStore.lock(id, site: id), DevelopmentStore.find(id, site: id),
            DevelopmentStore.member(of: id, site: id), DevelopmentStore.memberEnd(of: id, site: id),
            MentorStore.open(of: id, site: id),
            DevelopmentStore.add(.init(id: id, candidate: id, on: day, kind: .step, step: 1), act),
            DevelopmentStore.entries(of: id, site: id), DevelopmentStore.papers(of: id, site: id),
            DevelopmentStore.addPaper(PaperReference(), at: 1, of: id, act), DevelopmentStore.add(vote, act),
            DevelopmentStore.votes(of: id, site: id), DevelopmentStore.keptVotes(of: id, site: id),
            DevelopmentStore.add(.init(id: id, candidate: id, step: 2, on: day, reason: ""), act),
            DevelopmentStore.approvals(of: id, site: id), CandidateStore.open(in: id, on: day),
            CandidateStore.state(of: id, site: id, on: day),
            CandidateStore.list(.init(), on: day, after: id, limit: 1),
            MemberStore.moveJoining(of: id, to: day, act), MemberStore.place(of: id, site: id, on: day),
        ]
    }
}
