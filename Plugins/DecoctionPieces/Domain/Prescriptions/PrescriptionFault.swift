internal import XinglinKit

/// The reasons for which rules and prescriptions refuse: 1130 to 1149.
enum PrescriptionFault {
    static let ruleLoosened = FaultKind(
        "decoction.ruleLoosened", code: 1130,
        message: .init(zh: "该规则数值只能收紧，不能放宽", en: "This value may be tightened, not loosened"),
        hint: .init(
            zh: "details 中的 floor 为允许的下限；国家规定的数值不得放宽，机构不得宽于全县",
            en:
                "details.floor is as far as it may go: national values are not loosened, and a site is not laxer than its county"
        ))

    static let all = [ruleLoosened]
}
