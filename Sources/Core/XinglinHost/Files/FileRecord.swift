internal import XinglinKit

/// Where a file stands.
enum FileState: String, Codable, Sendable, CaseIterable, SQLBindable, SQLTextDecodable {
    /// It is being uploaded or written.
    case open
    case finished
}

/// A row of `host.file`.
struct FileRecord: Sendable {
    let id: RecordID
    let site: RecordID
    let account: RecordID?
    let name: String
    let mediaType: String
    var bytes: Int64
    var sm3: String
    var state: FileState
    var received: Int64
    /// The large object with the content; nil where there is none yet.
    var object: Int64?
    let basis: String?
    let createdAt: Timestamp
    var finishedAt: Timestamp?
    var usedAt: Timestamp

    /// The columns of every statement whose rows `read` takes.
    static let selection: StaticString = """
        file_id, site_id, account_id, name, media_type, bytes, sm3, state, received, object, basis, created_at, finished_at, \
        used_at
        """

    static func read(_ rows: Rows) throws -> [FileRecord] {
        typealias Row = (
            RecordID, RecordID, RecordID?, String, String, Int64, String, FileState, Int64, Int64?, String?, Timestamp,
            Timestamp?, Timestamp
        )
        let decoded: [Row] = try rows.decode()
        return decoded.map { row in
            FileRecord(
                id: row.0, site: row.1, account: row.2, name: row.3, mediaType: row.4, bytes: row.5, sm3: row.6,
                state: row.7, received: row.8, object: row.9, basis: row.10, createdAt: row.11, finishedAt: row.12,
                usedAt: row.13)
        }
    }

    var info: FileInfo {
        FileInfo(
            id: self.id, name: self.name, mediaType: self.mediaType, bytes: self.bytes, sm3: self.sm3,
            createdAt: self.createdAt)
    }
}
