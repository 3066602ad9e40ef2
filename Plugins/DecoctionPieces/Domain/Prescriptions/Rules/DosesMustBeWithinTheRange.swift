internal import XinglinKit

/// RX-07: the dose of a day against the range of the catalogue, all lines of a piece together.
enum DosesMustBeWithinTheRange: PrescriptionRule {
    static let id = "RX-07"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        guard prescription.isOral else {
            return [.notChecked(zh: "外用，未核对内服剂量", en: "For external use: oral doses were not checked")]
        }
        let factor = try prescription.rules.number(.overdoseFactor)
        var found: [Verdict] = []
        let without = prescription.pieces.filter { $0.dose == nil }
        if !without.isEmpty {
            let names = without.map(\.nameZh).joined(separator: "、")
            found.append(
                .notChecked(without.map(\.code), zh: "\(names)没有内服剂量，未核对剂量", en: "\(names): no oral dose to check by"))
        }
        for piece in prescription.pieces {
            guard let range = piece.dose else { continue }
            if let verdict = Self.verdict(piece, range, prescription.perDayMg(piece.code), factor) {
                found.append(verdict)
            }
        }
        return found
    }

    private static func verdict(
        _ piece: PrescribedPiece, _ range: ClosedRange<Int64>, _ daily: Int64, _ factor: Int64
    ) -> Verdict? {
        let span = "\(grams(range.lowerBound))–\(grams(range.upperBound))"
        if daily > range.upperBound * factor {
            return Verdict(
                .block, [piece.code], zh: "\(piece.nameZh)每日 \(grams(daily))，超过上限 \(factor) 倍（\(span)），须改方",
                en: "\(piece.nameZh): \(grams(daily)) a day, more than \(factor) times the range \(span); rewrite",
                .rewrite)
        }
        if daily > range.upperBound {
            return Verdict(
                .confirm, [piece.code], zh: "\(piece.nameZh)每日 \(grams(daily))，超过常用量 \(span)，须医师再次签名",
                en: "\(piece.nameZh): \(grams(daily)) a day, above the range \(span); the doctor signs again",
                .doctorSignature)
        }
        guard daily < range.lowerBound else { return nil }
        return Verdict(
            .info, [piece.code], zh: "\(piece.nameZh)每日 \(grams(daily))，低于常用量 \(span)",
            en: "\(piece.nameZh): \(grams(daily)) a day, below the range \(span)", .consider)
    }
}
