internal import XinglinKit

/// The SQL of `host.file`.
enum FileStore {
    /// Adds an upload; no row where the same one is open already. The quota is claimed apart.
    static func begin(_ file: FileRecord) -> SQL {
        """
        INSERT INTO host.file (
            file_id, site_id, account_id, name, media_type, bytes, sm3, state, received, basis, created_at, used_at)
        VALUES (\(file.id), \(file.site), \(file.account), \(file.name), \(file.mediaType), \(file.bytes), \(file.sm3), \
        'open', 0, \(file.basis), \(file.createdAt), \(file.usedAt))
        ON CONFLICT (site_id, account_id, sm3, bytes, name, media_type) WHERE state = 'open' AND sm3 <> '' DO NOTHING
        """
    }

    /// The account's file of that name and content, the unfinished one first. It is used anew.
    static func same(as file: FileRecord) -> SQL {
        """
        UPDATE host.file SET used_at = \(file.usedAt) WHERE file_id = (
            SELECT file_id FROM host.file
            WHERE site_id = \(file.site) AND account_id = \(file.account) AND sm3 = \(file.sm3)
                AND bytes = \(file.bytes) AND name = \(file.name) AND media_type = \(file.mediaType)
            ORDER BY state = 'finished', file_id DESC LIMIT 1)
        RETURNING \(literal: FileRecord.selection)
        """
    }

    static func get(_ id: RecordID) -> SQL {
        "SELECT \(literal: FileRecord.selection) FROM host.file WHERE file_id = \(id)"
    }

    /// An account's own file, kept from others until the transaction ends.
    static func lock(_ id: RecordID, site: RecordID, account: RecordID) -> SQL {
        """
        SELECT \(literal: FileRecord.selection) FROM host.file
        WHERE file_id = \(id) AND site_id = \(site) AND account_id = \(account) FOR UPDATE
        """
    }

    /// The files of a site, or of one account there, the newest first.
    static func list(site: RecordID, account: RecordID?, before last: RecordID, limit: Int) -> SQL {
        """
        SELECT \(literal: FileRecord.selection) FROM host.file
        WHERE site_id = \(site) AND (\(account)::uuid IS NULL OR account_id = \(account)::uuid) AND file_id < \(last)
        ORDER BY file_id DESC LIMIT \(limit)
        """
    }

    /// Makes the large object where there is none, and gives it.
    static func makeObject(_ id: RecordID) -> SQL {
        "UPDATE host.file SET object = coalesce(object, host.make_object()) WHERE file_id = \(id) RETURNING object::bigint"
    }

    static func received(_ id: RecordID, upTo received: Int64, at now: Timestamp) -> SQL {
        "UPDATE host.file SET received = \(received), used_at = \(now) WHERE file_id = \(id) AND state = 'open'"
    }

    /// A file that is written without its length being known has grown.
    static func grown(_ id: RecordID, to bytes: Int64, at now: Timestamp) -> SQL {
        """
        UPDATE host.file SET bytes = \(bytes), received = \(bytes), used_at = \(now)
        WHERE file_id = \(id) AND state = 'open'
        """
    }

    static func finish(_ id: RecordID, sm3: String, at now: Timestamp) -> SQL {
        """
        UPDATE host.file SET state = 'finished', sm3 = \(sm3), finished_at = \(now), used_at = \(now)
        WHERE file_id = \(id) AND state = 'open' AND received = bytes
        """
    }

    static func delete(_ id: RecordID) -> SQL { "DELETE FROM host.file WHERE file_id = \(id)" }

    /// What an account has at a site: files, their bytes, the bytes of unfinished ones, and their number.
    static func own(site: RecordID, account: RecordID) -> SQL {
        """
        SELECT count(*), coalesce(sum(bytes), 0)::bigint,
            coalesce(sum(bytes) FILTER (WHERE state = 'open'), 0)::bigint, count(*) FILTER (WHERE state = 'open')
        FROM host.file WHERE site_id = \(site) AND account_id = \(account)
        """
    }
}

/// The SQL of `host.file_reference`.
enum FileReferenceStore {
    /// A reference as kept.
    struct Row: Sendable {
        let file: RecordID
        let module: String
        let purpose: String
        let site: RecordID
        let readableBy: String
        let basis: String?
    }

    /// Keeps the file from everybody who would delete it, and notes that it is used.
    static func hold(_ id: RecordID, at now: Timestamp) -> SQL {
        "UPDATE host.file SET used_at = \(now) WHERE file_id = \(id) AND state = 'finished'"
    }

    static func add(
        _ reference: FileReference, module: String, sites: [RecordID], at now: Timestamp
    ) -> SQL {
        """
        INSERT INTO host.file_reference (
            file_id, module, purpose, record_id, site_id, readable_by, basis, referenced_at)
        SELECT \(reference.file)::uuid, \(module)::text, \(reference.purpose)::text, \(reference.record)::uuid, site_id,
            \(reference.readableBy)::text, \(reference.basis)::text, \(now)::timestamptz
        FROM unnest(\(sites)::uuid[]) AS one (site_id)
        ON CONFLICT ON CONSTRAINT file_referenced_once
            DO UPDATE SET readable_by = excluded.readable_by, basis = excluded.basis
        """
    }

    static func remove(_ file: RecordID, module: String, purpose: String, record: RecordID) -> SQL {
        """
        DELETE FROM host.file_reference
        WHERE file_id = \(file) AND module = \(module) AND purpose = \(purpose) AND record_id = \(record)
        """
    }

    /// The references of files.
    static func of(_ files: [RecordID]) -> SQL {
        """
        SELECT DISTINCT file_id, module, purpose, site_id, readable_by, basis FROM host.file_reference
        WHERE file_id = ANY (\(files)::uuid[])
        """
    }

    static func read(_ rows: Rows) throws -> [Row] {
        let decoded: [(RecordID, String, String, RecordID, String, String?)] = try rows.decode()
        return decoded.map {
            Row(file: $0.0, module: $0.1, purpose: $0.2, site: $0.3, readableBy: $0.4, basis: $0.5)
        }
    }
}
