internal import XinglinKit

/// What the county's catalogue, its prices and codes add to the module.
enum CataloguePart {
    static let tables: [ModuleManifest.Table] = [
        .county("piece_revision"), .county("piece_alias"), .perSite("local_code"), .ledger("price"),
    ]

    static var methods: [any RPCMethod] {
        [
            GetPiece(), PieceHistory(), RevisePiece(), AddPiece(), WithdrawPiece(), RestorePiece(), AddAlias(),
            RemoveAlias(), SetPrice(), ListPrices(), SetLocalCode(), ListLocalCodes(), PreviewCatalogue(),
        ]
    }

    /// Ships the pieces: what the county has revised or added stays as it is, and what changes becomes the next version.
    static func load(_ pieces: [Piece], into db: Database) throws {
        try db.batch([
            Statement(PieceStore.upsert(pieces), .atLeastOne), Statement(RevisionStore.recordShipped),
        ])
    }
}
