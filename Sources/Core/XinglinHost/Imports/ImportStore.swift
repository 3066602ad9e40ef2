internal import XinglinKit

/// The SQL of `host.import`, and what its rows say.
enum ImportStore {
    /// Adds an import; no row where the same file is begun already.
    static func begin(_ record: ImportRecord, sm3: String) -> SQL {
        """
        INSERT INTO host.import (import_id, site_id, account_id, kind, name, sm3, columns, state, created_at, file_id,
            unread_file_id, file_offset, encoding, delimiter)
        VALUES (\(record.id), \(record.site), \(record.account), \(record.kind), \(record.name), \(sm3), \
        \(record.columns.joined(separator: ",")), 'open', \(record.createdAt), \(record.file), \(record.unread), \
        \(record.fileOffset), \(record.form.encoding), \(record.form.delimiter))
        ON CONFLICT (site_id, account_id, kind, name, sm3)
            WHERE sm3 <> '' AND state IN ('open', 'checked', 'applying', 'refused') DO NOTHING
        """
    }

    /// The account's unfinished import of that file.
    static func unfinished(_ record: ImportRecord, sm3: String) -> SQL {
        """
        SELECT \(literal: ImportRecord.selection) FROM host.import
        WHERE site_id = \(record.site) AND account_id = \(record.account) AND kind = \(record.kind)
            AND name = \(record.name) AND sm3 = \(sm3) AND sm3 <> '' AND state IN ('open', 'checked', 'applying', 'refused')
        """
    }

    /// When the site last applied a file of those bytes.
    static func applied(kind: String, sm3: String, site: RecordID) -> SQL {
        """
        SELECT \(literal: ImportRecord.selection) FROM host.import
        WHERE site_id = \(site) AND kind = \(kind) AND sm3 = \(sm3) AND sm3 <> '' AND state = 'applied'
        ORDER BY import_id DESC LIMIT 1
        """
    }

    /// One import of a site.
    static func get(_ id: RecordID, site: RecordID) -> SQL {
        "SELECT \(literal: ImportRecord.selection) FROM host.import WHERE import_id = \(id) AND site_id = \(site)"
    }

    /// The same, kept from others until the transaction ends.
    static func lock(_ id: RecordID, site: RecordID) -> SQL {
        """
        SELECT \(literal: ImportRecord.selection) FROM host.import
        WHERE import_id = \(id) AND site_id = \(site) FOR UPDATE
        """
    }

    /// The imports of a site, the newest first.
    static func list(site: RecordID, kinds: [String], before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: ImportRecord.selection) FROM host.import
        WHERE site_id = \(site) AND kind = ANY (\(kinds)::text[]) AND import_id < \(last)
        ORDER BY import_id DESC LIMIT \(limit)
        """
    }

    /// Counts what was uploaded.
    static func uploaded(_ id: RecordID, lines: Int, good: Int, faulty: Int) -> SQL {
        """
        UPDATE host.import SET lines = lines + \(lines), good = good + \(good), faulty = faulty + \(faulty)
        WHERE import_id = \(id) AND state = 'open'
        """
    }

    /// The upload is complete. What kept lines from coming twice has done its work.
    static func checked(_ id: RecordID) -> [SQL] {
        [
            "UPDATE host.import SET state = 'checked' WHERE import_id = \(id) AND state = 'open'",
            "DELETE FROM host.import_key WHERE import_id = \(id)",
        ]
    }

    /// The import's file has been read so far.
    static func readUpTo(_ offset: Int64, of id: RecordID) -> SQL {
        "UPDATE host.import SET file_offset = \(offset) WHERE import_id = \(id) AND state = 'open'"
    }

    /// How the import's file is written, now that it shows.
    static func written(_ encoding: TextEncoding, _ id: RecordID) -> SQL {
        "UPDATE host.import SET encoding = \(encoding) WHERE import_id = \(id)"
    }

    /// The import's file has been read to its end.
    static func readWhole(_ id: RecordID, at offset: Int64) -> [SQL] {
        ["UPDATE host.import SET file_offset = \(offset), unread_file_id = NULL WHERE import_id = \(id)"]
    }

    /// Why the host itself gave an import up.
    static func because(_ reason: String, _ id: RecordID) -> SQL {
        "UPDATE host.import SET reason = \(reason) WHERE import_id = \(id) AND state = 'cancelled'"
    }

    /// From now on the runner applies it, as that account. Only one of several callers gets a row.
    static func start(_ id: RecordID, _ mode: ImportMode, by account: RecordID, at now: Timestamp) -> [SQL] {
        [
            """
            UPDATE host.import SET state = 'applying', mode = \(mode), applied_by = \(account), started_at = \(now),
                ended_at = NULL, reason = NULL
            WHERE import_id = \(id) AND state IN ('checked', 'refused')
            """,
            // Those of an attempt before: its lines are tried again.
            """
            DELETE FROM host.import_fault WHERE import_id = \(id) AND stage = 'apply'
                AND line >= (SELECT min(first_line) FROM host.import_chunk WHERE import_id = \(id))
            """,
        ]
    }

    /// Gives it up. What was applied stays.
    static func cancel(_ id: RecordID, at now: Timestamp) -> [SQL] {
        [
            """
            UPDATE host.import SET state = 'cancelled', ended_at = \(now), unread_file_id = NULL,
                applied = CASE WHEN mode = 'allOrNothing' THEN 0 ELSE applied END
            WHERE import_id = \(id) AND state IN ('open', 'checked', 'applying', 'refused')
            """,
            "DELETE FROM host.import_chunk WHERE import_id = \(id)",
            "DELETE FROM host.import_key WHERE import_id = \(id)",
        ]
    }

    /// The faults of an import, line by line.
    static func faults(_ id: RecordID, after line: Int64, _ ordinal: Int64, limit: Int) -> SQL {
        """
        SELECT line, ordinal, stage, field, text_zh, text_en FROM host.import_fault
        WHERE import_id = \(id) AND (line, ordinal) > (\(line), \(ordinal))
        ORDER BY line, ordinal LIMIT \(limit)
        """
    }

    /// Keeps what is wrong with lines.
    static func add(_ faults: [LineFault], to id: RecordID, stage: ImportStage) -> SQL {
        """
        INSERT INTO host.import_fault (import_id, line, ordinal, stage, field, text_zh, text_en)
        SELECT \(id), line, ordinal, \(stage), field, text_zh, text_en
        FROM unnest(\(faults.map(\.line))::bigint[], \(faults.map(\.ordinal))::integer[],
            \(faults.map(\.fault.field))::text[], \(faults.map(\.fault.text.zh))::text[],
            \(faults.map(\.fault.text.en))::text[]) AS one (line, ordinal, field, text_zh, text_en)
        ON CONFLICT ON CONSTRAINT import_fault_once DO NOTHING
        """
    }
}

/// When a fault was found.
enum ImportStage: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    case check
    case apply
}

/// A fault with its place.
struct LineFault: Sendable {
    let line: Int
    /// Which of the line's faults, from 1.
    let ordinal: Int
    let fault: ImportFault

    /// How many faults of one line are kept.
    private static let most = 20

    static func number(_ faults: [ImportFault], of line: Int) -> [LineFault] {
        faults.prefix(Self.most).enumerated().map { LineFault(line: line, ordinal: $0 + 1, fault: $1) }
    }
}
