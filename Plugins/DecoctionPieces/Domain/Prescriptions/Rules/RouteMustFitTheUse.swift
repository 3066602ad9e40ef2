internal import XinglinKit

/// RX-08: what is for external use is not boiled to drink; what is for pills or swallowing is not boiled either.
enum RouteMustFitTheUse: PrescriptionRule {
    static let id = "RX-08"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        guard prescription.isOral else { return [] }
        var found: [Verdict] = []
        for line in prescription.lines {
            let piece = line.piece
            switch piece.doseRoute {
            case .decoct: continue
            case .external, .noOral:
                found.append(
                    Verdict(
                        .block, [piece.code], zh: "\(piece.nameZh)标注\(piece.doseRoute.labelZh)，不得入煎剂内服",
                        en: "\(piece.nameZh): not for oral use; it may not be boiled to drink", .rewrite))
            case .pill, .swallow:
                // 冲服 is taken with the liquid and not boiled.
                guard line.cooking != .withLiquid else { continue }
                found.append(
                    Verdict(
                        .warn, [piece.code], zh: "\(piece.nameZh)宜\(piece.doseRoute.labelZh)，不宜入煎",
                        en: "\(piece.nameZh): for pills or swallowing, not for boiling", .consider))
            }
        }
        return found.reduce(into: []) { kept, verdict in
            if !kept.contains(verdict) { kept.append(verdict) }
        }
    }
}
