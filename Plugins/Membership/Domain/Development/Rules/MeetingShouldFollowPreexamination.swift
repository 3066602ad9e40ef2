internal import XinglinKit

/// DV-15: the branch meeting normally comes within a month of the pre-examination.
enum MeetingShouldFollowPreexamination: StepRule {
    static let rules = ["DV-15"]

    static func concerns(_ step: Int) -> Bool { step == DevelopmentStep.admissionVote }

    static func findings(_ proposal: Proposal, _ progress: Progress, _ judge: StepJudge) -> [Finding] {
        let months = judge.values.meetingMonths
        guard let examined = progress.day(of: 13), proposal.on > examined.adding(months: months) else { return [] }
        return [
            Finding(
                "DV-15", zh: "支部大会一般在预审后 \(months) 个月内召开，应不晚于 \(examined.adding(months: months))",
                en:
                    "The branch meeting normally comes within \(months) months of the pre-examination, by \(examined.adding(months: months))",
                who: .branchMeeting, isWarning: true)
        ]
    }
}
