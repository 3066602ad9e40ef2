internal import XinglinKit

/// How a line of a prescription came to its piece.
enum LineNaming: String, PrescriptionCode {
    case code
    /// The catalogue's own name.
    case name
    case alias
    /// A base material of which the catalogue has one piece.
    case material
    /// The processed piece of a toxic material, because 生用 was not written (RX-09).
    case processed
}

/// Which piece a name on paper stands for.
struct PieceNaming {
    /// What the catalogue has of the names: by its own name, by an alias, or as a base material.
    let pieces: [PrescribedPiece]
    /// Materials that are protected or withdrawn.
    let withdrawn: [String]
    /// The codes of the pieces that have these aliases.
    var aliases: [String: String] = [:]

    /// A piece that a line names.
    struct Found: Equatable {
        let piece: PrescribedPiece
        let naming: LineNaming

        /// Whether it is the processed one, because 生用 was not written (RX-09).
        var isProcessedByDefault: Bool { self.naming == .processed }
    }

    /// The piece that a code stands for.
    func piece(coded code: String) -> PrescribedPiece? {
        self.pieces.first { $0.code == code }
    }

    /// The piece that a name stands for: its own name, then an alias, which the catalogue gives to one piece. A base material
    /// stands for its only piece; of the 28 toxic kinds, for the processed one, also where an alias names the raw one so.
    /// - Throws: `decoction.pieceWithdrawn`, `decoction.pieceAmbiguous`, `decoction.pieceUnknown`.
    func piece(named text: String) throws(Fault) -> Found {
        let name = PlainText.number(text)
        if let piece = self.pieces.first(where: { $0.nameZh == name }) { return Found(piece: piece, naming: .name) }
        if let material = self.withdrawn.first(where: { name.contains($0) }) {
            throw PrescriptionFault.pieceWithdrawn.fault(["nameZh": .string(material)])
        }
        let made = self.pieces.filter { $0.baseMaterial == name }
        let processed = made.filter { !$0.isToxic28 }
        // A base material is nobody else's alias.
        if let piece = self.aliases[name].flatMap({ self.piece(coded: $0) }),
            made.isEmpty || piece.baseMaterial == name, !piece.isToxic28 || processed.isEmpty
        {
            return Found(piece: piece, naming: .alias)
        }
        guard !made.isEmpty else { throw DecoctionFault.pieceUnknown.fault([["nameZh": .string(name)]]) }
        let candidates = processed.isEmpty ? made : processed
        guard candidates.count == 1, let piece = candidates.first else {
            throw PrescriptionFault.pieceAmbiguous.fault([
                "nameZh": .string(name), "pieceCodes": .array(candidates.map { .string($0.code) }),
                "candidates": .array(
                    candidates.map { ["pieceCode": .string($0.code), "nameZh": .string($0.nameZh)] }),
            ])
        }
        return Found(piece: piece, naming: processed.count < made.count ? .processed : .material)
    }
}
