internal import XinglinKit

/// A step that is to be judged: recorded on a day with its facts, or asked about without any.
struct Proposal: Sendable {
    let step: Int
    let on: LocalDate
    /// Nil where somebody only asks: what the record itself can supply is not missing yet.
    var facts: StepFacts?
    /// How many papers come with it.
    var papers = 0
    var around = Circumstances()
}

/// What a step is judged by beside the development itself, as it was on the day.
struct Circumstances: Sendable {
    /// The branch or group and what stood above it, the nearest first.
    var chain: [PartyOrganization] = []
    /// The organisation that the facts name as the one that approved; nil where there was none of that id.
    var named: PartyOrganization?
    /// Where the members stood that the facts name.
    var standings: [RecordID: MemberStatus] = [:]
    /// Those of them who were under 留党察看 with rights not restored.
    var withoutRights: Set<RecordID> = []
    var branchHasGroups = false
    /// What the register has of the branch's committee; nil where it is not asked.
    var branch: Branch?
    /// E as the register has it: full members of the branch with a vote (domain rules 1.3); nil where it is not asked.
    var entitled: Int?
    var birthDate: LocalDate?
    /// What the index has of the person's document; nil where it has none.
    var documentKind: String?

    /// A branch on a day, for who decides in it.
    struct Branch: Sendable {
        /// Whether an election or appointments of a committee are recorded.
        let hasCommittee: Bool
        let full: Int
    }

    /// The branch's nearest committee that may approve (DV-18).
    var approver: PartyOrganization? { self.chain.dropFirst().first { $0.approves && !$0.isEnded } }
}
