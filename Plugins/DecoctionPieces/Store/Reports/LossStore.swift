internal import XinglinKit

/// The SQL of what was lost, and of what that is a part of (8.2).
enum LossStore {
    /// What is not volatile, and what is: shortage, write-off and surplus in milligrams and fen, and what was issued and is left in fen.
    static func groups(_ asked: Asked, volatile: [String]) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: LedgerText.pieces)
        SELECT storage_class = ANY (\(volatile)::text[]), sum(shortage_mg)::bigint, sum(shortage_fen)::bigint,
            sum(write_off_mg)::bigint, sum(write_off_fen)::bigint, sum(surplus_mg)::bigint, sum(surplus_fen)::bigint,
            sum(issued_fen)::bigint, sum(closing_fen)::bigint
        FROM piece_sum GROUP BY 1 ORDER BY 1
        """
    }

    /// The pieces of which something was lost, or found too much, with the limit in per cent by which each is judged.
    static func pieces(
        _ asked: Asked, volatile: [String], limits: (plain: Int64, volatile: Int64), after code: String, limit: Int
    ) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow), \(literal: LedgerText.pieces), judged AS (
            SELECT *, shortage_fen + write_off_fen AS loss_fen, issued_fen + closing_fen AS base_fen,
                CASE WHEN storage_class = ANY (\(volatile)::text[]) THEN \(limits.volatile)::bigint
                    ELSE \(limits.plain)::bigint END AS limit_percent
            FROM piece_sum
        )
        SELECT piece_code, name_zh, shortage_mg, shortage_fen, write_off_mg, write_off_fen, surplus_mg, surplus_fen,
            loss_fen, base_fen, round(loss_fen * 100.0 / nullif(base_fen, 0), 2)::text, limit_percent,
            loss_fen * 100 > base_fen * limit_percent
        FROM judged
        WHERE piece_code > \(code) AND (shortage_mg, write_off_mg, surplus_mg) <> (0, 0, 0)
        ORDER BY piece_code LIMIT \(limit)
        """
    }

    static let pieceColumns: [JSONColumn] = [
        .string("pieceCode"), .string("nameZh"), .integer("shortageMg"), .integer("shortageFen"),
        .integer("writeOffMg"), .integer("writeOffFen"), .integer("surplusMg"), .integer("surplusFen"),
        .integer("lossFen"), .integer("baseFen"), .string("ratePercent"), .integer("limitPercent"),
        .boolean("aboveLimit"),
    ]

    /// Why it was lost: figure, reason, how many movements, milligrams, fen.
    static func reasons(_ asked: Asked) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow)
        SELECT part, reason, count(*), -sum(mg)::bigint, -sum(fen)::bigint
        FROM flow WHERE part IN ('shortage', 'writeOff') GROUP BY part, reason ORDER BY 5 DESC, part, reason
        """
    }

    static let reasonColumns: [JSONColumn] = [
        .string("figure"), .string("reason"), .integer("movements"), .integer("lossMg"), .integer("lossFen"),
    ]
}
