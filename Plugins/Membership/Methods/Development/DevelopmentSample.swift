internal import XinglinKit

/// For the examples of the development's methods.
enum DevelopmentSample {
    static let warning = StepWarning(
        rule: "DV-04", text: "Below 28 years activists normally come from the League", textZh: "不满 28 周岁的，一般从共青团员中推荐")
    static let taken = StepTaken(
        status: "activist_pending_filing", statusZh: "推荐和确定入党积极分子", entryId: Sample.fact, memberId: Sample.member,
        warnings: [Self.warning])
    static let takenBare = StepTaken(
        status: "applicant_talked", statusZh: "党组织派人谈话", entryId: Sample.fact, warnings: [])
    static let clause = "中国共产党发展党员工作细则(2014)第13条"
}
