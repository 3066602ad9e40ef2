internal import XinglinKit

/// RX-14: all of it lies accepted and unexpired at the site; a piece is replaced by the doctor alone.
enum StockMustSuffice: PrescriptionRule {
    static let id = "RX-14"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        var found = prescription.lines.filter { $0.substituteFor != nil }.map { line in
            Verdict(
                .warn, [line.piece.code], zh: "\(line.piece.nameZh)为医师替换 \(line.substituteFor ?? "") 的饮片，请核对",
                en: "\(line.piece.nameZh) is the doctor's substitute for \(line.substituteFor ?? "")", .consider)
        }
        guard let stock = prescription.stock else {
            return found + [.notChecked(zh: "未核对库存", en: "The stock was not checked")]
        }
        for piece in prescription.pieces {
            let wanted = prescription.totalMg(piece.code)
            let there = stock[piece.code] ?? IssueRefusal.Stock()
            guard there.availableMg < wanted else { continue }
            let waiting = there.quarantinedMg > 0
            found.append(
                Verdict(
                    .block, [piece.code],
                    zh: "\(piece.nameZh)需 \(grams(wanted))，可用 \(grams(there.availableMg))"
                        + (waiting ? "，另有 \(grams(there.quarantinedMg)) 待验收" : "") + "；替换须由医师决定",
                    en: "\(piece.nameZh): \(grams(wanted)) wanted, \(grams(there.availableMg)) available"
                        + (waiting ? ", \(grams(there.quarantinedMg)) to be accepted" : "")
                        + "; only the doctor substitutes",
                    .substituteByDoctor))
        }
        return found
    }
}
