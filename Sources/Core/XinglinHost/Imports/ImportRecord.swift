internal import XinglinKit

/// Where an import stands.
enum ImportState: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    /// It is being uploaded.
    case open
    /// All is uploaded and checked; somebody decides.
    case checked
    case applying
    case applied
    /// It could not be applied; it may be again.
    case refused
    case cancelled

    /// Whether it may still be applied.
    var canBeApplied: Bool { self == .checked || self == .refused }
    var isOver: Bool { self == .applied || self == .cancelled }
}

/// Which lines are applied.
enum ImportMode: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    /// One transaction for the whole file.
    case allOrNothing
    /// A transaction for some lines at a time; faulty ones are left out.
    case goodLines
}

/// A row of `host.import`.
struct ImportRecord: Sendable {
    let id: RecordID
    let site: RecordID
    let account: RecordID
    let kind: String
    let name: String
    let columns: [String]
    var state: ImportState
    let mode: ImportMode?
    let reason: String?
    var lines: Int64
    var good: Int64
    var faulty: Int64
    let applied: Int64
    let leftOut: Int64
    let createdAt: Timestamp
    let appliedBy: RecordID?
    let startedAt: Timestamp?
    let endedAt: Timestamp?
    /// The file that it was begun with, and the same while there is more of it to read.
    var file: RecordID?
    var unread: RecordID?
    /// How far the file has been read.
    var fileOffset: Int64 = 0
    /// How the file is written.
    var form = ImportForm()

    /// The number that the next line to be uploaded has.
    var nextLine: Int64 { self.lines + 1 }

    /// The columns of every statement whose rows `read` takes.
    static let selection: StaticString = """
        import_id, site_id, account_id, kind, name, columns, state, mode, reason, lines, good, faulty, applied, left_out, \
        created_at, applied_by, started_at, ended_at, file_id, unread_file_id, file_offset, \
        encoding, delimiter
        """

    static func read(_ rows: Rows) throws -> [ImportRecord] {
        typealias Row = (
            RecordID, RecordID, RecordID, String, String, String, ImportState, ImportMode?, String?, Int64, Int64,
            Int64,
            Int64, Int64, Timestamp, RecordID?, Timestamp?, Timestamp?, RecordID?, RecordID?, Int64,
            TextEncoding?, FieldDelimiter
        )
        let decoded: [Row] = try rows.decode()
        return decoded.map { row in
            ImportRecord(
                id: row.0, site: row.1, account: row.2, kind: row.3, name: row.4,
                columns: row.5.split(separator: ",").map(String.init), state: row.6, mode: row.7, reason: row.8,
                lines: row.9, good: row.10, faulty: row.11, applied: row.12, leftOut: row.13, createdAt: row.14,
                appliedBy: row.15, startedAt: row.16, endedAt: row.17, file: row.18,
                unread: row.19, fileOffset: row.20, form: ImportForm(encoding: row.21, delimiter: row.22))
        }
    }
}
