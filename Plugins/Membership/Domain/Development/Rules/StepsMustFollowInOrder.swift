internal import XinglinKit

/// A step is taken once, after those that it follows, on their days or later, while the development is open.
enum StepsMustFollowInOrder: StepRule {
    static let rules: [String] = []

    static func concerns(_ step: Int) -> Bool { true }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        if let closing = progress.closing {
            return [
                Finding(
                    "DV-27", zh: "发展过程已于 \(closing.on) 终止，不再登记步骤",
                    en: "The development ended on \(closing.on); nothing more is recorded", who: .branch)
            ]
        }
        if let end = progress.memberEnd {
            return [
                Finding(
                    "DV-27", zh: "此人已于 \(end.on) 不再是党员（\(end.how.labelZh)），不再登记步骤",
                    en: "The person ceased to be a member on \(end.on) (\(end.how.rawValue)); nothing more is recorded",
                    who: .branch)
            ]
        }
        if let done = progress.taken[proposal.step], !Self.mayBeRepeated(proposal, progress, judge) {
            return [Self.recorded(done, proposal.step, progress, judge)]
        }
        return Self.tooEarly(proposal, progress) + Self.beforeReceipt(proposal, progress)
            + StepOrder.before(proposal.step).compactMap { before in
                guard let day = progress.day(of: before) else { return Self.missing(before, progress, judge) }
                guard proposal.on < day else { return nil }
                let name = judge.table[before]?.nameZh ?? ""
                return Finding(
                    StepOrder.rule(of: proposal.step), zh: "不早于第\(before)步（\(name)）的日期 \(day)",
                    en: "Not before step \(before) (\(DevelopmentStep.nameEn(before))), which was on \(day)",
                    who: .time, earliestOn: day)
            }
    }

    /// DV-08: whoever has received the person takes the steps from that day on; those before were the old unit's.
    private static func beforeReceipt(_ proposal: Proposal, _ progress: Progress) -> [Finding] {
        guard let received = progress.receivedOn, proposal.on < received else { return [] }
        return [
            Finding(
                "DV-08", zh: "此人于 \(received) 转入，此前的步骤由转出单位登记",
                en: "The person was received on \(received); steps before that day were the former unit's", who: .time,
                earliestOn: received)
        ]
    }

    /// What failed, was sent back or refused, or has lapsed is taken again, and not before it was.
    private static func tooEarly(_ proposal: Proposal, _ progress: Progress) -> [Finding] {
        guard let again = progress.again[proposal.step], proposal.on < again else { return [] }
        return [
            Finding(
                StepOrder.rule(of: proposal.step), zh: "此前未通过、被退回或已失效，重新办理不早于 \(again)",
                en: "It was not passed, was sent back or has lapsed before: again on \(again) or later", who: .time,
                earliestOn: again)
        ]
    }

    /// A review is made again until the branch has voted (DV-11): it must be where it holds no longer, and may be on any later day; the
    /// latest counts. Who only asks is told when it must be.
    private static func mayBeRepeated(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> Bool {
        guard proposal.step == 10, progress.taken[DevelopmentStep.admissionVote] == nil,
            let latest = progress.day(of: 10), let last = ReviewMustHold.lastDay(progress, judge.values)
        else { return false }
        return proposal.on > (proposal.facts == nil ? last : latest)
    }

    private static func recorded(
        _ done: DevelopmentEntry, _ step: Int, _ progress: Progress, _ judge: StepJudge
    ) -> Finding {
        Finding(
            "DV-27", zh: "已于 \(done.on) 登记；有误时用 membership.development.correct 更正",
            en: "Recorded on \(done.on); membership.development.correct corrects what is wrong", who: .branch,
            earliestOn: step == 10 && progress.taken[DevelopmentStep.admissionVote] == nil
                ? ReviewMustHold.lastDay(progress, judge.values)?.adding(days: 1) : nil)
    }

    private static func missing(_ step: Int, _ progress: Progress, _ judge: StepJudge) -> Finding {
        let name = judge.table[step]?.nameZh ?? ""
        let actor = judge.table[step]?.actor ?? ""
        if step == 10, let failed = progress.failedReview {
            return Finding(
                "DV-11", zh: "\(failed.on) 的政治审查结论为不合格；须有新的合格结论（第10步）",
                en: "The political review of \(failed.on) was not qualified; a new qualified one is needed (step 10)",
                who: .branch)
        }
        let who = StepOrder.supplier(of: step)
        return Finding(
            StepOrder.rule(of: step), zh: "缺第\(step)步：\(name)（\(actor)）",
            en: "Step \(step) is missing: \(DevelopmentStep.nameEn(step)) (\(who.labelEn))", who: who,
            earliestOn: StepOrder.earliest(step, progress, judge.values))
    }
}
