internal import XinglinKit

/// RX-11: one piece on two lines, or two pieces of one material. What they weigh together the other rules judge.
enum PiecesShouldNotRepeat: PrescriptionRule {
    static let id = "RX-11"

    static func verdicts(on prescription: PrescriptionCase) throws(Fault) -> [Verdict] {
        var found: [Verdict] = []
        for piece in prescription.pieces where prescription.lines.count(where: { $0.piece.code == piece.code }) > 1 {
            found.append(
                Verdict(
                    .warn, [piece.code], zh: "\(piece.nameZh)重复开具", en: "\(piece.nameZh) stands on several lines",
                    .consider))
        }
        for (material, pieces) in Dictionary(grouping: prescription.pieces, by: \.baseMaterial) where pieces.count > 1 {
            let names = pieces.map(\.nameZh).joined(separator: "、")
            found.append(
                Verdict(
                    .warn, pieces.map(\.code), zh: "\(names)同为\(material)的炮制品",
                    en: "\(names) are of one material, \(material)",
                    .consider))
        }
        return found
    }
}
