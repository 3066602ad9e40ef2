internal import XinglinKit

/// The SQL of `membership.dues_band`.
enum DuesScaleStore {
    static let all: SQL = """
        SELECT category, position, mode, above_fen, through_fen, rate_basis_points, least_fen, greatest_fen, is_rounded
        FROM membership.dues_band ORDER BY category, position
        """

    /// Makes the table what the file is.
    static let clear: SQL = "DELETE FROM membership.dues_band"

    static func add(_ bands: [DuesBand]) -> SQL {
        """
        INSERT INTO membership.dues_band (
            category, position, name_zh, basis_zh, mode, above_fen, through_fen, rate_basis_points, least_fen, greatest_fen,
            is_rounded, note, source, confidence)
        SELECT * FROM unnest(
            \(bands.map(\.category))::text[], \(bands.map(\.position))::integer[], \(bands.map(\.nameZh))::text[],
            \(bands.map(\.basisZh))::text[], \(bands.map(\.mode))::text[], \(bands.map(\.aboveFen))::bigint[],
            \(bands.map(\.throughFen))::bigint[], \(bands.map(\.rateBasisPoints))::integer[],
            \(bands.map(\.leastFen))::bigint[], \(bands.map(\.greatestFen))::bigint[],
            \(bands.map(\.isRounded))::boolean[], \(bands.map(\.note))::text[], \(bands.map(\.source))::text[],
            \(bands.map(\.confidence))::text[])
        """
    }

    /// The scale of the rows of `all`.
    static func scale(_ rows: Rows) throws -> DuesScale {
        DuesScale(
            bands: try rows.decode(
                as: (DuesCategory, Int, DuesMode, Int64?, Int64?, Int64?, Int64?, Int64?, Bool).self
            ).map { row in
                DuesBand(
                    category: row.0, position: row.1, mode: row.2, aboveFen: row.3, throughFen: row.4,
                    rateBasisPoints: row.5, leastFen: row.6, greatestFen: row.7, isRounded: row.8)
            })
    }
}

/// Reads the dues table and the values of the rule DUES in a call.
enum DuesRules {
    static let id = "DUES"

    static func key(_ parameter: String) -> RuleKey { RuleKey(Self.id, parameter) }

    /// The dues table with the rounding and the rule's version of a day.
    static func scale(
        on day: LocalDate, _ call: Call
    ) throws -> (scale: DuesScale, roundingFen: Int64, version: String) {
        let book = try MembershipRules.book(on: day, call)
        return (
            try DuesScaleStore.scale(call.db.rows(DuesScaleStore.all)), try book.number(Self.key("roundingFen")),
            book.version(of: Self.id) ?? ""
        )
    }
}
