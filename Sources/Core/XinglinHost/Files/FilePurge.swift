internal import XinglinKit

/// What goes of files by itself: unfinished uploads that nobody goes on with, and files that nothing references, some time after
/// they were last used. Whoever references one in the same moment wins: that writes to the row, which is judged again then.
struct FilePurge {
    let settings: HostSettings.Files
    let now: Timestamp

    /// Files deleted at once: each may be large.
    static let rows = 20

    /// The deletes, with the names under which the history of jobs counts what they removed.
    var statements: [(name: String, sql: SQL)] {
        [("exports", self.exports), ("uploads", self.unfinished), ("files", self.unused)]
    }

    private var unfinished: SQL {
        """
        DELETE FROM host.file WHERE file_id IN (
            SELECT file_id FROM host.file WHERE state = 'open' AND used_at < \(self.before(self.settings.openDays))
            LIMIT \(Self.rows) FOR UPDATE SKIP LOCKED)
        """
    }

    private var unused: SQL {
        """
        DELETE FROM host.file WHERE file_id IN (
            SELECT file_id FROM host.file AS one
            WHERE state = 'finished' AND used_at < \(self.before(self.settings.unusedDays))
                AND NOT EXISTS (SELECT FROM host.file_reference AS held WHERE held.file_id = one.file_id)
                AND NOT EXISTS (SELECT FROM host.import AS reader WHERE reader.unread_file_id = one.file_id)
            LIMIT \(Self.rows) FOR UPDATE SKIP LOCKED)
        """
    }

    private var exports: SQL {
        """
        DELETE FROM host.export WHERE export_id IN (
            SELECT export_id FROM host.export WHERE created_at < \(self.before(Int(ImportsPurge.days)))
                AND state <> 'running'
            LIMIT \(Self.rows))
        """
    }

    private func before(_ days: Int) -> Timestamp { self.now.adding(seconds: -Int64(days) * 86_400) }
}
