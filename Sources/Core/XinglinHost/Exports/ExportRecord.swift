internal import XinglinKit
internal import XinglinRPC

/// Where an export stands.
enum ExportState: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    case running
    case done
    case refused
}

/// A row of `host.export`.
struct ExportRecord: Sendable {
    let id: RecordID
    let site: RecordID
    let account: RecordID
    let kind: String
    let params: String
    let locale: Locale
    let state: ExportState
    let reason: String?
    let lines: Int64
    let file: RecordID?
    let createdAt: Timestamp
    let endedAt: Timestamp?

    static let selection: StaticString = """
        export_id, site_id, account_id, kind, params, locale, state, reason, lines, file_id, created_at, ended_at
        """

    static func read(_ rows: Rows) throws -> [ExportRecord] {
        typealias Row = (
            RecordID, RecordID, RecordID, String, String, String, ExportState, String?, Int64, RecordID?, Timestamp,
            Timestamp?
        )
        let decoded: [Row] = try rows.decode()
        return decoded.map { row in
            ExportRecord(
                id: row.0, site: row.1, account: row.2, kind: row.3, params: row.4,
                locale: Locale(rawValue: row.5) ?? .zh, state: row.6, reason: row.7, lines: row.8, file: row.9,
                createdAt: row.10, endedAt: row.11)
        }
    }

    /// The kind's own params.
    var tree: JSONValue { get throws { try JSONReader.parse(Array(self.params.utf8)) } }
}

/// The SQL of `host.export`.
enum ExportStore {
    static func begin(_ export: ExportRecord) -> SQL {
        """
        INSERT INTO host.export (export_id, site_id, account_id, kind, params, locale, state, created_at)
        VALUES (\(export.id), \(export.site), \(export.account), \(export.kind), \(export.params), \
        \(export.locale.rawValue), 'running', \(export.createdAt))
        """
    }

    static func get(_ id: RecordID) -> SQL {
        "SELECT \(literal: ExportRecord.selection) FROM host.export WHERE export_id = \(id)"
    }

    /// The exports of a site, the newest first.
    static func list(site: RecordID, kinds: [String], before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: ExportRecord.selection) FROM host.export
        WHERE site_id = \(site) AND kind = ANY (\(kinds)::text[]) AND export_id < \(last)
        ORDER BY export_id DESC LIMIT \(limit)
        """
    }

    static let running: SQL =
        "SELECT \(literal: ExportRecord.selection) FROM host.export WHERE state = 'running' ORDER BY created_at"

    /// The file that it is written into, and what has been written.
    static func writes(_ id: RecordID, into file: RecordID) -> SQL {
        "UPDATE host.export SET file_id = \(file), lines = 0 WHERE export_id = \(id) AND state = 'running'"
    }

    static func reached(_ id: RecordID, lines: Int) -> SQL {
        "UPDATE host.export SET lines = \(lines) WHERE export_id = \(id) AND state = 'running'"
    }

    static func done(_ id: RecordID, lines: Int, at now: Timestamp) -> SQL {
        """
        UPDATE host.export SET state = 'done', lines = \(lines), ended_at = \(now)
        WHERE export_id = \(id) AND state = 'running'
        """
    }

    static func refuse(_ id: RecordID, reason: String, at now: Timestamp) -> SQL {
        """
        UPDATE host.export SET state = 'refused', reason = \(reason), ended_at = \(now), lines = 0
        WHERE export_id = \(id) AND state = 'running'
        """
    }

    /// What an attempt before has left behind.
    static func deleteFile(of id: RecordID) -> SQL {
        """
        DELETE FROM host.file WHERE state = 'open'
            AND file_id = (SELECT file_id FROM host.export WHERE export_id = \(id) AND state = 'running')
        """
    }
}
