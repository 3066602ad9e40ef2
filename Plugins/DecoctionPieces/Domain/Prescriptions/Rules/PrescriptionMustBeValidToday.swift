internal import XinglinKit

/// RX-02: a prescription is valid on the day of issue; the doctor may extend it, to three days with the day of issue.
enum PrescriptionMustBeValidToday: PrescriptionRule {
    static let id = "RX-02"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        guard let issuedOn = prescription.issuedOn else {
            return [.notChecked(zh: "未写明开具日期，未核对有效期", en: "No day of issue: the validity was not checked")]
        }
        // The day of issue is the first day.
        let day = Int64(prescription.today.daysSince1970 - issuedOn.daysSince1970 + 1)
        let extended = try prescription.rules.number(.extendedValidityDays)
        if day < 1 {
            return [Verdict(.block, zh: "开具日期晚于今天", en: "The day of issue is in the future", .rewrite)]
        }
        if day <= (try prescription.rules.number(.validityDays)) { return [] }
        if day <= extended {
            return [
                Verdict(
                    .confirm, zh: "处方当日有效，今天是第 \(day) 天；延长有效期须医师签名，最长 \(extended) 天",
                    en:
                        "Valid on the day of issue, and this is day \(day); the doctor signs an extension, to \(extended) days",
                    .doctorSignature)
            ]
        }
        return [
            Verdict(
                .block, zh: "处方已失效：今天是第 \(day) 天，延长后最长 \(extended) 天；须重新开具",
                en: "No longer valid: this is day \(day), and an extension reaches day \(extended); write it anew",
                .rewrite)
        ]
    }
}
