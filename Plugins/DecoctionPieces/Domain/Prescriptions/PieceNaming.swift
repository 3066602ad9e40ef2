internal import XinglinKit

/// Which piece a name on paper stands for.
struct PieceNaming {
    /// What the catalogue has of the names: by its own name, or as a base material.
    let pieces: [PrescribedPiece]
    /// Materials that are protected or withdrawn.
    let withdrawn: [String]

    /// A piece that a line names.
    struct Found: Equatable {
        let piece: PrescribedPiece
        /// Whether it is the processed one, because 生用 was not written (RX-09).
        let isProcessedByDefault: Bool
    }

    /// The piece that a code stands for.
    func piece(coded code: String) -> PrescribedPiece? {
        self.pieces.first { $0.code == code }
    }

    /// The piece that a name stands for. A base material stands for its only piece; of the 28 toxic kinds, for the processed one.
    /// - Throws: `decoction.pieceWithdrawn`, `decoction.pieceAmbiguous`, `decoction.pieceUnknown`.
    func piece(named text: String) throws(Fault) -> Found {
        let name = PlainText.number(text)
        if let piece = self.pieces.first(where: { $0.nameZh == name }) {
            return Found(piece: piece, isProcessedByDefault: false)
        }
        if let material = self.withdrawn.first(where: { name.contains($0) }) {
            throw PrescriptionFault.pieceWithdrawn.fault(["nameZh": .string(material)])
        }
        let made = self.pieces.filter { $0.baseMaterial == name }
        guard !made.isEmpty else { throw DecoctionFault.pieceUnknown.fault([["nameZh": .string(name)]]) }
        let processed = made.filter { !$0.isToxic28 }
        let candidates = processed.isEmpty ? made : processed
        guard candidates.count == 1, let piece = candidates.first else {
            throw PrescriptionFault.pieceAmbiguous.fault([
                "nameZh": .string(name), "pieceCodes": .array(candidates.map { .string($0.code) }),
            ])
        }
        return Found(piece: piece, isProcessedByDefault: processed.count < made.count)
    }
}
