internal import XinglinKit

/// RX-06: forbidden in pregnancy takes a second signature, caution is a warning; where nobody knows, the patient is asked.
enum PregnancyMustBeRespected: PrescriptionRule {
    static let id = "RX-06"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        let forbidden = prescription.pieces.filter { $0.pregnancy == .forbidden }.map(\.code)
        let caution = prescription.pieces.filter { $0.pregnancy == .caution }.map(\.code)
        switch prescription.patient.pregnant {
        case .yes: return Self.ofPregnant(prescription, forbidden, caution)
        case .no: return []
        case .unknown, nil: break
        }
        let (from, to) = try (prescription.rules.number(.pregnancyAgeFrom), prescription.rules.number(.pregnancyAgeTo))
        guard prescription.patient.sex != .male, (from...max(from, to)).contains(Int64(prescription.patient.ageYears)),
            !forbidden.isEmpty || !caution.isEmpty
        else { return [] }
        let names = prescription.names(forbidden + caution)
        if prescription.patient.isAsked, !forbidden.isEmpty {
            return [
                Verdict(
                    .confirm, forbidden + caution, zh: "\(names)妊娠期禁用或慎用，已询问而不能排除妊娠，须医师签名确认或改方",
                    en: "\(names): to be avoided in pregnancy, and asked, nobody knows; the doctor signs, or rewrites",
                    .doctorSignature)
            ]
        }
        return [
            Verdict(
                forbidden.isEmpty ? .warn : .confirm, forbidden + caution,
                zh: "\(names)妊娠期\(forbidden.isEmpty ? "慎用" : "禁用或慎用")，请询问是否妊娠并记录",
                en:
                    "\(names): to be \(forbidden.isEmpty ? "used with caution" : "avoided") in pregnancy; ask, and write the answer down",
                forbidden.isEmpty ? .consider : .askPregnancy)
        ]
    }

    private static func ofPregnant(
        _ prescription: PrescriptionCase, _ forbidden: [String], _ caution: [String]
    ) -> [Verdict] {
        var found: [Verdict] = []
        if !forbidden.isEmpty {
            let names = prescription.names(forbidden)
            found.append(
                Verdict(
                    .block, forbidden, zh: "\(names)妊娠禁用，须医师再次签名并说明理由，或改方",
                    en: "\(names): forbidden in pregnancy; the doctor signs again with a reason, or rewrites",
                    .doctorSignature))
        }
        if !caution.isEmpty {
            let names = prescription.names(caution)
            found.append(
                Verdict(.warn, caution, zh: "\(names)妊娠慎用", en: "\(names): with caution in pregnancy", .consider))
        }
        return found
    }
}
