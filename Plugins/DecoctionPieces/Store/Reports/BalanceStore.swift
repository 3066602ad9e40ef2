internal import XinglinKit

/// The SQL of what there was at the end of a day; give it `Asked.atEnd`.
enum BalanceStore {
    /// By what stock is added up.
    enum Grouping: String, CaseIterable, Codable, Sendable, SQLBindable {
        case piece, storageClass, location

        static var codes: [String] { Self.allCases.map(\.rawValue) }
    }

    /// Which part of the stock is meant; all of it where nothing is said.
    struct Filter {
        var piece: String?
        var storageClass: StorageClass?
        var location: RecordID?
        var expiryMonth: LocalDate?
        var isExpired: Bool?
        var expiresBy: LocalDate?
    }

    /// Pieces, lots, milligrams and fen for each piece, storage class or place.
    static func figures(_ asked: Asked, by grouping: Grouping, after key: String, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.balance), keyed AS (
            SELECT *, CASE \(grouping)::text WHEN 'piece' THEN piece_code WHEN 'storageClass' THEN storage_class
                    ELSE location_id::text END AS key,
                CASE \(grouping)::text WHEN 'piece' THEN name_zh WHEN 'storageClass' THEN
                    (\(StorageClass.labelsZh)::text[])[array_position(\(StorageClass.codes)::text[], storage_class)]
                    ELSE location_name_zh END AS key_name_zh
            FROM balance
        )
        SELECT key, key_name_zh, count(DISTINCT piece_code), count(DISTINCT lot_id), sum(mg)::bigint, sum(fen)::bigint
        FROM keyed WHERE key > \(key) GROUP BY key, key_name_zh ORDER BY key LIMIT \(limit)
        """
    }

    static let figureColumns: [JSONColumn] = [
        .string("key"), .string("nameZh"), .integer("pieces"), .integer("lots"), .integer("onHandMg"),
        .integer("valueFen"),
    ]

    /// All of it: pieces, lots, milligrams, fen, lines.
    static func total(_ asked: Asked, _ filter: Filter = Filter()) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.balance)
        SELECT count(DISTINCT piece_code), count(DISTINCT lot_id), coalesce(sum(mg), 0)::bigint,
            coalesce(sum(fen), 0)::bigint, count(*)
        FROM balance
        WHERE (\(filter.piece)::text IS NULL OR piece_code = \(filter.piece)::text)
            AND (\(filter.storageClass)::text IS NULL OR storage_class = \(filter.storageClass)::text)
            AND (\(filter.location)::uuid IS NULL OR location_id = \(filter.location)::uuid)
            AND (\(filter.expiryMonth)::date IS NULL OR date_trunc('month', expires_on)::date = \(filter.expiryMonth)::date)
            AND (\(filter.isExpired)::boolean IS NULL OR (expires_on < $2::date - 1) = \(filter.isExpired)::boolean)
            AND (\(filter.expiresBy)::date IS NULL OR expires_on <= \(filter.expiresBy)::date)
        """
    }

    /// Where a page of `lines` starts: behind the line with these fields.
    struct Cursor {
        var piece = ""
        var lot = RecordID(high: 0, low: 0)
        var location = RecordID(high: 0, low: 0)
    }

    /// What lay where, lot by lot and place by place.
    static func lines(_ asked: Asked, _ filter: Filter = Filter(), after last: Cursor, limit: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.balance)
        SELECT piece_code, lot_id, location_id, mg, fen, expires_on, 1, name_zh, storage_class, location_name_zh, batch_number,
            expires_on < $2::date - 1, date_trunc('month', expires_on)::date
        FROM balance
        WHERE (\(filter.piece)::text IS NULL OR piece_code = \(filter.piece)::text)
            AND (\(filter.storageClass)::text IS NULL OR storage_class = \(filter.storageClass)::text)
            AND (\(filter.location)::uuid IS NULL OR location_id = \(filter.location)::uuid)
            AND (\(filter.expiryMonth)::date IS NULL OR date_trunc('month', expires_on)::date = \(filter.expiryMonth)::date)
            AND (\(filter.isExpired)::boolean IS NULL OR (expires_on < $2::date - 1) = \(filter.isExpired)::boolean)
            AND (\(filter.expiresBy)::date IS NULL OR expires_on <= \(filter.expiresBy)::date)
            AND (piece_code, lot_id, location_id) > (\(last.piece), \(last.lot), \(last.location))
        ORDER BY piece_code, lot_id, location_id LIMIT \(limit)
        """
    }

    static let lineColumns: [JSONColumn] = [
        .string("pieceCode"), .string("lotId"), .string("locationId"), .integer("quantityMg"), .integer("valueFen"),
        .string("on"), .integer("count"),
    ]

    /// By the month in which it expires, and whether it had on that day: lots, milligrams, fen.
    static func months(_ asked: Asked) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.balance)
        SELECT date_trunc('month', expires_on)::date, expires_on < $2::date - 1, count(DISTINCT piece_code),
            count(DISTINCT lot_id), sum(mg)::bigint, sum(fen)::bigint
        FROM balance GROUP BY 1, 2 ORDER BY 1, 2 DESC
        """
    }

    static let monthColumns: [JSONColumn] = [
        .string("month"), .boolean("expired"), .integer("pieces"), .integer("lots"), .integer("onHandMg"),
        .integer("valueFen"),
    ]

    /// What has expired, and what expires within some days after: lots, milligrams and fen of each.
    static func risk(_ asked: Asked, within days: Int) -> SQL {
        """
        WITH asked AS (VALUES (\(asked.site)::uuid, \(asked.from)::date, \(asked.to)::date, \(asked.today)::date)),
        \(literal: LedgerText.opening), \(literal: LedgerText.balance), judged AS (
            SELECT *, expires_on < $2::date - 1 AS is_expired,
                expires_on BETWEEN $2::date - 1 AND $2::date - 1 + \(days)::integer AS is_soon
            FROM balance
        )
        SELECT count(DISTINCT lot_id) FILTER (WHERE is_expired),
            coalesce(sum(mg) FILTER (WHERE is_expired), 0)::bigint,
            coalesce(sum(fen) FILTER (WHERE is_expired), 0)::bigint, count(DISTINCT lot_id) FILTER (WHERE is_soon),
            coalesce(sum(mg) FILTER (WHERE is_soon), 0)::bigint, coalesce(sum(fen) FILTER (WHERE is_soon), 0)::bigint
        FROM judged
        """
    }
}

extension StorageClass {
    static var labelsZh: [String] { Self.allCases.map(\.labelZh) }
}
