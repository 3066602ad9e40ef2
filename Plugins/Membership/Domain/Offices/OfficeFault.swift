internal import XinglinKit

/// The reasons about offices, links and facts of members: 1240 to 1249.
enum OfficeFault {
    static let candidateUnfit = FaultKind(
        "membership.candidateUnfit", code: 1240,
        message: .init(
            zh: "所列人员中有人当日不是该组织内有被选举权的正式党员（BR-05）",
            en:
                "Somebody named was not, on that day, a full member of the organisation who may stand for election (BR-05)"
        ),
        hint: .init(
            zh: "details.memberIds 列出这些人；请核对日期、所在组织与正式党员身份，或由上级党组织核实其党员权利",
            en:
                "details.memberIds names them; check day, organisation and status, or ask the higher organisation about their rights"
        ))
    static let secondBallotNeeded = FaultKind(
        "membership.secondBallotNeeded", code: 1241,
        message: .init(zh: "最后名额得票相同，须对票数相等者再次投票（BR-05）", en: "The last seat is tied: a second ballot decides (BR-05)"),
        hint: .init(
            zh: "就 details.memberIds 中的候选人再次投票，以得票多者当选；再次投票后按最终票数登记",
            en: "Vote again between details.memberIds; record the election with the votes of the last ballot"))
    static let candidatesTooFew = FaultKind(
        "membership.candidatesTooFew", code: 1242,
        message: .init(zh: "候选人数不足：委员候选人应多于应选人数20%以上（BR-05）", en: "Too few candidates for the seats (BR-05)"),
        hint: .init(
            zh: "details.required 为至少应有的候选人数；补充候选人后重新选举，或减少应选名额",
            en:
                "details.required is the least number; nominate more candidates and vote again, or elect for fewer seats"
        ))
    static let electionOutOfOrder = FaultKind(
        "membership.electionOutOfOrder", code: 1243,
        message: .init(
            zh: "与该组织已登记的选举或任免的日期次序不符",
            en: "It does not fit in with the elections and posts that are recorded of the organisation"),
        hint: .init(
            zh:
                "选举按日期先后登记，details.earliestOn 为最早日期，latestOn 为最晚日期；登记有误的，用 corrects 更正原记录；其后的任命（officeIds）有误的，先于任命当日离任",
            en: """
                Elections are recorded in their order, from details.earliestOn on and no later than latestOn; correct a wrong one with \
                corrects. Whoever was appointed since in error (officeIds) leaves as of the day of the appointment first
                """))
    static let approvalNeeded = FaultKind(
        "membership.approvalNeeded", code: 1244,
        message: .init(
            zh: "提前或逾期换届须经上级党组织批准（BR-04）",
            en: "An early or late election needs the higher organisation's approval (BR-04)"),
        hint: .init(
            zh: "在 approvedBy 中填写上级批复；提前换届的，也可等到 details.earliestOn 起按期换届",
            en: "Give the approval as approvedBy; where it is early, or hold the election from details.earliestOn on"))
    static let delayTooLong = FaultKind(
        "membership.delayTooLong", code: 1245,
        message: .init(zh: "延期换届的期限不符合规定（BR-04）", en: "An election cannot be put off to that day (BR-04)"),
        hint: .init(
            zh: "须晚于原定届满日期，且不晚于 details.latestOn；期满须进行换届选举",
            en: "It lies behind details.dueOn and no later than details.latestOn; then the election is held"))
    static let postUnfit = FaultKind(
        "membership.postUnfit", code: 1246,
        message: .init(zh: "职务安排不符：只能安排给当选者，书记只有一名（BR-03）", en: "A post goes to nobody elected, or is taken (BR-03)"),
        hint: .init(
            zh: "details 指出职务与人员；原任者先用 membership.committee.leave 离任，再任命新人",
            en: "details names it; whoever holds the post leaves first (membership.committee.leave)"))
    static let termUnknown = FaultKind(
        "membership.termUnknown", code: 1247,
        message: .init(zh: "该组织没有选举产生的任期", en: "The organisation has no term that began with an election"),
        hint: .init(
            zh: "先用 membership.committee.elect 登记选举结果", en: "Record the election first (membership.committee.elect)"))
    static let endedAlready = FaultKind(
        "membership.endedAlready", code: 1248,
        message: .init(zh: "该记录已终止，或日期早于其开始日期", en: "It has ended already, or had not begun by that day"),
        hint: .init(
            zh: "刷新列表核对；details 给出开始与终止日期", en: "Look at the list again; details says when it began and ended"))
    static let linkTaken = FaultKind(
        "membership.linkTaken", code: 1249,
        message: .init(zh: "相同的联系或结对已经存在", en: "The same link or pair stands already"),
        hint: .init(
            zh: "details.id 为现有记录；先终止它，再登记新的", en: "details.id is the one that stands; end it before another is made"))

    static let all = [
        candidateUnfit, secondBallotNeeded, candidatesTooFew, electionOutOfOrder, approvalNeeded, delayTooLong,
        postUnfit,
        termUnknown, endedAlready, linkTaken,
    ]

    static let constraints: [String: FaultKind] = [
        "election_corrected_once": MembershipFault.factCorrected, "ending_taken": endedAlready,
        "member_fact_corrected_once": MembershipFault.factCorrected,
        "discipline_corrected_once": MembershipFault.factCorrected,
    ]

    /// The refusal of an end of what had ended, or had not begun.
    static func ended(from: LocalDate, on: LocalDate?) -> Fault {
        var details: [String: JSONValue] = ["from": .string(from.description)]
        details["endedOn"] = on.map { .string($0.description) }
        return Self.endedAlready.fault(.object(details))
    }
}
