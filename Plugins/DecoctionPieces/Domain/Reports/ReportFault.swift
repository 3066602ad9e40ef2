internal import XinglinKit

/// The reasons about reports and indicators; 1610 to 1619.
enum ReportFault {
    static let countExists = FaultKind(
        "decoction.outpatientCountExists", code: 1610,
        message: .init(
            zh: "该月门诊量已有登记，或所更正的不是最新一版",
            en: "The month's visits are recorded already, or what is corrected is not the latest version"),
        hint: .init(
            zh: "details 给出最新版本 version；更正时以 corrects 注明所更正的版本并写明原因",
            en: "details gives the latest version; a correction names it as corrects, with a reason"))
    static let monthNotOver = FaultKind(
        "decoction.monthNotOver", code: 1611,
        message: .init(zh: "该月尚未结束，不能登记门诊量", en: "The month is not over, so its visits cannot be recorded"),
        hint: .init(zh: "月末过后再登记全月数字", en: "Record the whole month's numbers once it has ended"))

    static let all = [countExists, monthNotOver]

    static let constraints = ["outpatient_count_version_taken": countExists]
}
