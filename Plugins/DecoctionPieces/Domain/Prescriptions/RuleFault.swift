internal import XinglinKit

/// The reasons about the rule table itself: 1620.
enum RuleFault {
    static let ruleUnusable = FaultKind(
        "decoction.ruleUnusable", code: 1620,
        message: .init(
            zh: "规则表中的数值不可用，不能据此判断", en: "A value of the rule table is unusable, so nothing can be judged by it"),
        hint: .init(
            zh:
                "details 指明规则与参数；why：missing 缺少数值，outOfBounds 超出 least 至 most，pairInverted 与 other 的上下限颠倒。请机构管理员用 decoction.rules.revise 改正",
            en:
                "details names it; why: missing, outOfBounds of least to most, or pairInverted with other. A site administrator corrects it with decoction.rules.revise"
        ))

    static let all = [ruleUnusable]
}
