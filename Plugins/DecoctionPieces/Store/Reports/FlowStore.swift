internal import XinglinKit

/// The SQL of what moved within some days, and what that is worth.
enum FlowStore {
    /// All pieces, or one: what there was, came, went and is left, what was issued, how many pieces lay there and were not, how often
    /// the average stock was issued, and for how many days it lasts.
    static func total(_ asked: Asked, piece: String?) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: LedgerText.pieces)
        SELECT coalesce(sum(opening_mg), 0)::bigint, coalesce(sum(opening_fen), 0)::bigint,
            coalesce(sum(in_mg), 0)::bigint, coalesce(sum(in_fen), 0)::bigint, coalesce(sum(out_mg), 0)::bigint,
            coalesce(sum(out_fen), 0)::bigint, coalesce(sum(closing_mg), 0)::bigint,
            coalesce(sum(closing_fen), 0)::bigint, coalesce(sum(issued_mg), 0)::bigint,
            coalesce(sum(issued_fen), 0)::bigint, count(*) FILTER (WHERE issued_mg = 0 AND closing_mg > 0),
            CASE WHEN sum(issued_fen) >= 0 AND sum(opening_fen + closing_fen) > 0
                THEN round(sum(issued_fen) * 2.0 / sum(opening_fen + closing_fen), 4)::text END,
            CASE WHEN sum(issued_fen) > 0 AND sum(opening_fen + closing_fen) >= 0
                THEN round(sum(opening_fen + closing_fen) * ($3::date - $2::date + 1) / (sum(issued_fen) * 2.0), 1)::text END
        FROM piece_sum WHERE (\(piece)::text IS NULL OR piece_code = \(piece)::text)
        """
    }

    /// By kind of movement: how often, what came in and what went out.
    static func kinds(_ asked: Asked, piece: String?) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow)
        SELECT kind, (\(MovementKind.labelsZh)::text[])[array_position(\(MovementKind.codes)::text[], kind)], count(*),
            coalesce(sum(mg) FILTER (WHERE mg > 0), 0)::bigint, coalesce(sum(fen) FILTER (WHERE mg > 0), 0)::bigint,
            -coalesce(sum(mg) FILTER (WHERE mg < 0), 0)::bigint, -coalesce(sum(fen) FILTER (WHERE mg < 0), 0)::bigint
        FROM flow WHERE (\(piece)::text IS NULL OR piece_code = \(piece)::text)
        GROUP BY kind ORDER BY array_position(\(MovementKind.codes)::text[], kind)
        """
    }

    static let kindColumns: [JSONColumn] = [
        .string("kind"), .string("kindZh"), .integer("movements"), .integer("inMg"), .integer("inFen"),
        .integer("outMg"), .integer("outFen"),
    ]

    /// The pieces that moved or lay there: what there was, came, went and is left.
    static func pieces(_ asked: Asked, piece: String?, after code: String, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: LedgerText.pieces)
        SELECT piece_code, name_zh, opening_mg, opening_fen, in_mg, in_fen, out_mg, out_fen, closing_mg, closing_fen
        FROM piece_sum
        WHERE (\(piece)::text IS NULL OR piece_code = \(piece)::text) AND piece_code > \(code)
        ORDER BY piece_code LIMIT \(limit)
        """
    }

    static let pieceColumns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .integer("openingMg"), .integer("openingFen"), .integer("inMg"),
        .integer("inFen"), .integer("outMg"), .integer("outFen"), .integer("closingMg"), .integer("closingFen"),
    ]

    /// How fast each piece goes out; only those that lie and were not issued where that is asked.
    static func turnover(_ asked: Asked, idleOnly: Bool, after code: String, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: LedgerText.pieces)
        SELECT piece_code, name_zh, opening_mg, opening_fen, closing_mg, closing_fen, issued_mg, issued_fen,
            issued_mg = 0 AND closing_mg > 0,
            CASE WHEN issued_fen >= 0 AND opening_fen + closing_fen > 0
                THEN round(issued_fen * 2.0 / (opening_fen + closing_fen), 4)::text END,
            CASE WHEN issued_fen > 0 AND opening_fen + closing_fen >= 0
                THEN round((opening_fen + closing_fen) * ($3::date - $2::date + 1) / (issued_fen * 2.0), 1)::text END
        FROM piece_sum
        WHERE piece_code > \(code) AND (NOT \(idleOnly)::boolean OR issued_mg = 0 AND closing_mg > 0)
        ORDER BY piece_code LIMIT \(limit)
        """
    }

    static let turnoverColumns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .integer("openingMg"), .integer("openingFen"),
        .integer("closingMg"), .integer("closingFen"), .integer("issuedMg"), .integer("issuedFen"),
        .boolean("idle"), .string("turns"), .string("daysOfStock"),
    ]
}
