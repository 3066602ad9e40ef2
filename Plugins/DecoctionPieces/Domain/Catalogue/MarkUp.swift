internal import XinglinKit

/// PC-04: the price of a kilogram is at the most its cost with the mark-up, rounded to the fen.
enum MarkUp {
    /// Half a fen counts as one; the same as `round` of a numeric in PostgreSQL.
    static func greatest(on costFen: Int64, percent: Int64) -> Int64 {
        (costFen * (100 + percent) + 50) / 100
    }
}

extension RuleKey {
    static let markUpPercent = RuleKey("PC-04", "markupPercent")

    /// What the catalogue reads of the rule table.
    static let ofCatalogue = [markUpPercent]
}
