internal import XinglinKit

/// The reasons about grades, care and the climate of stores: 1118 to 1129.
enum CareFault {
    static let gradeTooLow = FaultKind(
        "decoction.gradeTooLow", code: 1118,
        message: .init(
            zh: "验收人的职称不符合本机构等级的要求（PC-02）", en: "Who accepts has not the grade that the site's level asks for (PC-02)"),
        hint: .init(
            zh: "details 给出要求的最低职称；请符合条件的中药师用本人账号验收",
            en: "details gives the least title; a TCM pharmacist of that grade accepts it from their own account"))
    static let climateActionRequired = FaultKind(
        "decoction.climateActionRequired", code: 1119,
        message: .init(zh: "温度或湿度超出限度，须写明处理措施", en: "Temperature or humidity is outside its limits: say what was done"),
        hint: .init(zh: "details 给出限度；在 action 中写明已采取的措施", en: "details gives the limits; say in action what was done"))
    static let secondCounterRequired = FaultKind(
        "decoction.secondCounterRequired", code: 1120,
        message: .init(zh: "须由另一人确认清点", en: "Another person confirms the count"),
        hint: .init(
            zh: "请本机构另一位药师或审方药师登录后调用 decoction.care.confirm",
            en: "Another pharmacist or reviewer of the site calls decoction.care.confirm"))
    static let nothingThere = FaultKind(
        "decoction.nothingThere", code: 1121,
        message: .init(zh: "该位置没有这一批次的饮片", en: "Nothing of the lot lies at the place"),
        hint: .init(zh: "用 decoction.care.due 查看各位置的批次", en: "See what lies where with decoction.care.due"))

    static let all = [gradeTooLow, climateActionRequired, secondCounterRequired, nothingThere]

    static let constraints: [String: FaultKind] = [
        "decision_second_member_required": DecoctionFault.secondPersonRequired,
        "recall_once": HostFault.conflict, "inspection_witnessed_once": HostFault.conflict,
        "climate_reading_once": HostFault.conflict,
    ]
}
