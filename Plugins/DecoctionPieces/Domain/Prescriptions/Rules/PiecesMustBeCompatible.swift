internal import XinglinKit

/// RX-05: 十八反 and 十九畏. They are prescribed on purpose at times: a second signature, never a silent refusal.
enum PiecesMustBeCompatible: PrescriptionRule {
    static let id = "RX-05"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        prescription.pairs.map { pair in
            let names = [pair.a, pair.b].map { prescription.names([$0]) }
            let isBlocked = pair.severity == .block
            return Verdict(
                pair.severity, [pair.a, pair.b],
                zh: "\(names[0])与\(names[1])属配伍禁忌（\(pair.song)，\(pair.basis)）"
                    + (isBlocked ? "，须医师再次签名并说明理由，或改方" : "，请留意"),
                en: "\(names[0]) and \(names[1]) are incompatible"
                    + (isBlocked ? "; the doctor signs again with a reason, or rewrites" : " by an extended rule"),
                isBlocked ? .doctorSignature : .consider)
        }
    }
}
