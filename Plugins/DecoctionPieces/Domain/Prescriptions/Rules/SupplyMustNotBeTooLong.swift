internal import XinglinKit

/// RX-03: seven days' supply, three in an emergency; longer with a reason for chronic illness, to twelve weeks, and never of
/// toxic or narcotic pieces.
enum SupplyMustNotBeTooLong: PrescriptionRule {
    static let id = "RX-03"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        let days = Int64(prescription.supplyDays)
        let isEmergency = prescription.kind == .emergency
        let usual = try prescription.rules.number(isEmergency ? .emergencyDays : .supplyDays)
        guard days > usual else { return [] }
        let controlled = prescription.pieces.filter { $0.isToxic28 || $0.controlClass == .narcotic }.map(\.code)
        if !controlled.isEmpty, days > (try prescription.rules.number(.supplyDays)) {
            let names = prescription.names(controlled)
            return [
                Verdict(
                    .block, controlled, zh: "\(names)不得开具长期处方（\(days) 天）",
                    en: "\(names): no long prescription of toxic or narcotic pieces (\(days) days)", .rewrite)
            ]
        }
        let longest = try prescription.rules.number(.longMaxDays)
        guard days <= longest else {
            return [
                Verdict(
                    .block, zh: "用药 \(days) 天，超过长期处方上限 \(longest) 天",
                    en: "\(days) days of supply, and a long prescription holds \(longest) at the most", .rewrite)
            ]
        }
        let isLong = prescription.kind == .longTerm && prescription.hasKindReason
        if isLong, days <= (try prescription.rules.number(.longDays)) {
            return [
                Verdict(
                    .warn, zh: "长期处方，用药 \(days) 天，已说明理由", en: "A long prescription of \(days) days, with its reason",
                    .consider)
            ]
        }
        return [
            Verdict(
                .confirm, zh: "用药 \(days) 天，超过\(isEmergency ? "急诊" : "一般")处方的 \(usual) 天，须医师说明理由并签名",
                en: "\(days) days of supply, more than \(usual); the doctor signs with a reason", .doctorSignature)
        ]
    }
}
