internal import XinglinKit

/// The SQL of the movements behind a figure of the ledger.
enum MovementLineStore {
    /// Which movements are meant.
    struct Filter {
        let figure: LineFigure
        var piece: String?
        var kind: String?
        var reason: String?
        /// Whether the pieces are of classes that lose more, and which these are.
        var volatile: (is: Bool, classes: [String])?
    }

    /// How many lines a figure has, and what they add up to in milligrams and fen.
    static func total(_ asked: Asked, _ filter: Filter) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow)
        SELECT count(*), coalesce(sum(CASE WHEN \(filter.figure)::text IN ('in', 'surplus') THEN mg ELSE -mg END), 0)::bigint,
            coalesce(sum(CASE WHEN \(filter.figure)::text IN ('in', 'surplus') THEN fen ELSE -fen END), 0)::bigint
        FROM flow
        WHERE CASE \(filter.figure)::text WHEN 'in' THEN mg > 0 WHEN 'out' THEN mg < 0
                WHEN 'loss' THEN part IN ('shortage', 'writeOff') ELSE part = \(filter.figure)::text END
            AND (\(filter.piece)::text IS NULL OR piece_code = \(filter.piece)::text)
            AND (\(filter.kind)::text IS NULL OR kind = \(filter.kind)::text)
            AND (\(filter.reason)::text IS NULL OR reason = \(filter.reason)::text)
            AND (\(filter.volatile?.is)::boolean IS NULL OR piece_code IN (
                SELECT code FROM decoction.piece
                WHERE (storage_class = ANY (\(filter.volatile?.classes ?? [])::text[])) = \(filter.volatile?.is)::boolean))
        """
    }

    /// The movements behind a figure, in the order of the ledger, each as much as it adds to the figure.
    static func lines(_ asked: Asked, _ filter: Filter, after last: Int64, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.flow)
        SELECT seq, document_id, lot_id, location_id, piece_code, kind, booked_on,
            CASE WHEN \(filter.figure)::text IN ('in', 'surplus') THEN mg ELSE -mg END,
            CASE WHEN \(filter.figure)::text IN ('in', 'surplus') THEN fen ELSE -fen END, 1, name_zh, batch_number, part, reason
        FROM flow
        WHERE CASE \(filter.figure)::text WHEN 'in' THEN mg > 0 WHEN 'out' THEN mg < 0
                WHEN 'loss' THEN part IN ('shortage', 'writeOff') ELSE part = \(filter.figure)::text END
            AND (\(filter.piece)::text IS NULL OR piece_code = \(filter.piece)::text)
            AND (\(filter.kind)::text IS NULL OR kind = \(filter.kind)::text)
            AND (\(filter.reason)::text IS NULL OR reason = \(filter.reason)::text)
            AND (\(filter.volatile?.is)::boolean IS NULL OR piece_code IN (
                SELECT code FROM decoction.piece
                WHERE (storage_class = ANY (\(filter.volatile?.classes ?? [])::text[])) = \(filter.volatile?.is)::boolean))
            AND seq > \(last)
        ORDER BY seq LIMIT \(limit)
        """
    }

    /// The columns of `lines`, as members of the reply; the first is the cursor. What follows them is for exports.
    static let columns: [JSONColumn] = [
        .integer("seq"), .string("documentId"), .string("lotId"), .string("locationId"), .string("pieceCode"),
        .string("kind"), .string("on"), .integer("quantityMg"), .integer("valueFen"), .integer("count"),
    ]
}
