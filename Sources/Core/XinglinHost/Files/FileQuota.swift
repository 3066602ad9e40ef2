internal import XinglinKit

/// Judges whether there is room for a file. The row of the site's usage is locked first, so that callers who race are judged
/// one after another and never exceed it together.
struct FileQuota {
    let settings: HostSettings.Files

    static func bytes(_ megabytes: Int) -> Int64 { Int64(megabytes) * 1_048_576 }

    /// - Throws: `host.fileQuota`.
    func checkSize(_ bytes: Int64) throws(Fault) {
        guard bytes <= Self.bytes(self.settings.largestMegabytes) else {
            throw FileRefusal.over(.file, megabytes: self.settings.largestMegabytes)
        }
    }

    /// Takes room at a site for further bytes.
    /// - Parameter files: how many files are new.
    /// - Throws: `host.fileQuota`.
    func take(_ bytes: Int64, files: Int, at site: RecordID, _ database: Database) throws {
        let limit = Self.bytes(self.settings.siteMegabytes)
        try database.batch([
            Statement(
                """
                INSERT INTO host.file_usage (site_id, files, bytes) VALUES (\(site), 0, 0) ON CONFLICT (site_id) DO NOTHING
                """),
            Statement(
                """
                UPDATE host.file_usage SET files = files + \(files), bytes = bytes + \(bytes)
                WHERE site_id = \(site) AND bytes + \(bytes) <= \(limit)
                """, .rows(1), otherwise: FileRefusal.over(.site, megabytes: self.settings.siteMegabytes)),
            Statement(
                "SELECT FROM host.file_usage WHERE site_id = \(site) AND (\(files) = 0 OR files <= \(self.settings.siteFiles))",
                .rows(1), otherwise: FileRefusal.over(.siteFiles, files: self.settings.siteFiles)),
        ])
    }

    /// Judges what the account has begun at the site, the new upload included. `take` must have gone before: it is the lock.
    /// - Throws: `host.fileQuota`.
    func checkOpen(of account: RecordID, at site: RecordID, _ database: Database) throws {
        let open: (Int, Int64)? = try database.first(
            """
            SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM host.file
            WHERE site_id = \(site) AND account_id = \(account) AND state = 'open'
            """)
        let (files, bytes) = open ?? (0, 0)
        guard files <= self.settings.openFiles else {
            throw FileRefusal.over(.accountFiles, files: self.settings.openFiles)
        }
        guard bytes <= Self.bytes(self.settings.openMegabytes) else {
            throw FileRefusal.over(.account, megabytes: self.settings.openMegabytes)
        }
    }

    /// What the files of a site come to.
    static func used(at site: RecordID) -> SQL {
        "SELECT files, bytes FROM host.file_usage WHERE site_id = \(site)"
    }
}
