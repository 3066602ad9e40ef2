internal import XinglinKit

/// RX-04: special boiling and use are written down. Weights, doses and at least one piece the schema asks for; the order
/// 君臣佐使 is the doctor's and is kept as written.
enum LinesMustBeWrittenInFull: PrescriptionRule {
    static let id = "RX-04"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        var found: [Verdict] = []
        if prescription.use == nil {
            found.append(.notChecked(zh: "未写明用法，按内服核对", en: "No use is written: judged as oral"))
        }
        if prescription.patient.disagreesWithRecord {
            found.append(
                Verdict(
                    .warn, zh: "所填性别或年龄与档案不符，已按档案核对，请确认患者身份",
                    en: "Sex or age disagree with the record, by which it was judged; make sure who the patient is",
                    .consider))
        }
        guard prescription.isOral else { return found }
        for line in prescription.lines where line.piece.cooking != .none && line.cooking != line.piece.cooking {
            let wanted = line.piece.cooking
            let written = line.cooking.map { $0 == .none ? "未写特殊煎法" : "写为\($0.labelZh)" } ?? "未注明煎法"
            found.append(
                Verdict(
                    .warn, [line.piece.code], zh: "\(line.piece.nameZh)应注明\(wanted.labelZh)，处方\(written)",
                    en: "\(line.piece.nameZh): boiling \(wanted.rawValue) (\(wanted.labelZh)) is to be noted", .consider
                ))
        }
        return found
    }
}
