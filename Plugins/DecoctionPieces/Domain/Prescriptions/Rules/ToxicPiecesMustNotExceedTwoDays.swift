internal import XinglinKit

/// RX-09: a prescription holds at the most two days' greatest dose of each of the 28 toxic kinds; where a kind has no oral dose,
/// two days' supply. Where 生用 is not written, the processed piece is given.
enum ToxicPiecesMustNotExceedTwoDays: PrescriptionRule {
    static let id = "RX-09"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        let days = try prescription.rules.number(.toxicDays)
        var found = prescription.lines.filter(\.isProcessedByDefault).map { line in
            Verdict(
                .info, [line.piece.code], zh: "未注明“生用”，按\(line.piece.nameZh)（炮制品）付药",
                en: "生用 is not written: the processed \(line.piece.nameZh) is given", .consider)
        }
        for piece in prescription.pieces where piece.isToxic28 {
            if let verdict = Self.verdict(piece, prescription, days) { found.append(verdict) }
        }
        return found
    }

    private static func verdict(_ piece: PrescribedPiece, _ prescription: PrescriptionCase, _ days: Int64) -> Verdict? {
        guard let most = piece.dose.map({ $0.upperBound * days }) else {
            guard Int64(prescription.supplyDays) > days else { return nil }
            return Verdict(
                .block, [piece.code], zh: "\(piece.nameZh)为毒性药品，每次处方不得超过 \(days) 日用量",
                en: "\(piece.nameZh): toxic; a prescription holds \(days) days' supply at the most", .rewrite)
        }
        let total = prescription.totalMg(piece.code)
        guard total <= most else {
            return Verdict(
                .block, [piece.code], zh: "\(piece.nameZh)为毒性药品，总量 \(grams(total))，超过 \(days) 日极量 \(grams(most))",
                en:
                    "\(piece.nameZh): toxic; \(grams(total)) in all, more than \(days) days' greatest dose \(grams(most))",
                .rewrite)
        }
        let first = prescription.today.adding(days: 1 - Int(days))
        let before = (prescription.earlier ?? []).filter { $0.pieceCode == piece.code && $0.issuedOn >= first }
            .reduce(0) { $0 + $1.totalMg }
        guard before > 0, before + total > most else { return nil }
        return Verdict(
            .confirm, [piece.code],
            zh: "\(piece.nameZh)近 \(days) 日已开 \(grams(before))，合计超过 \(days) 日极量 \(grams(most))，须另一医师签名",
            en:
                "\(piece.nameZh): \(grams(before)) in the last \(days) days; together more than \(grams(most)): another doctor signs",
            .doctorSignature)
    }
}
