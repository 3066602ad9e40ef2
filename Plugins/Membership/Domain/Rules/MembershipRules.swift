internal import XinglinKit

/// The module's rule table: what DV-*, BR-*, dues and transfers are judged by.
enum MembershipRules: RuleOwner {
    /// "xlmr".
    static let table = RuleTable(schema: "membership", lock: 0x786C_6D72)
    static let bounds = RuleBounds.membership
    static let readers = MembershipAccess.administration
    static let listSummary = """
        Lists the values that the rules DV-*, BR-*, of dues, transfers and reminders judge by, each with its version, source, \
        reviewer and validity.
        """
    static let reviewerDescription = "The officer of the organisation department who has reviewed it, by office."

    static let unusable = FaultKind(
        "membership.ruleUnusable", code: 1250,
        message: .init(
            zh: "规则表中的数值不可用，不能据此判断", en: "A value of the rule table is unusable, so nothing can be judged by it"),
        hint: .init(
            zh:
                "details 指明规则与参数；why：missing 缺少数值，outOfBounds 超出 least 至 most，pairInverted 与 other 的上下限颠倒。请机构管理员用 membership.rules.revise 改正",
            en:
                "details names it; why: missing, outOfBounds of least to most, or pairInverted with other. A site administrator corrects it with membership.rules.revise"
        ))
    static let loosened = FaultKind(
        "membership.ruleLoosened", code: 1251,
        message: .init(
            zh: "不得放宽国家规定，本机构也不得放宽县级规定", en: "A national value may not be loosened, nor a county's by a site"),
        hint: .init(
            zh: "details.floor 为可用的最宽数值；需要更宽的，须由上级修改",
            en: "details.floor is as far as it may go; the level above decides on more"))

    static let faults = [unusable, loosened]

    static var example: RuleExample {
        let key = RuleKey("DV-26", "publicityDays")
        return RuleExample(
            line: RuleLine(
                key, value: "5", unit: "workingDays", tighter: .higher, isNational: false, source: "地方规定（可配置）",
                confidence: .medium, reviewer: "待县委组织部业务科室复核", validFrom: Sample.founded, validTo: Sample.today,
                summary: .init(zh: "公示最少工作日", en: "Working days of publicity at the least")),
            asOf: Sample.today,
            revision: RuleTable.Revision(
                key: key, value: "7", validFrom: Sample.today.adding(days: 30), source: "县委组织部通知", reviewer: "组织科科长"))
    }
}
