internal import XinglinKit

/// Imports and what was uploaded for them are kept for thirty days; those that are being applied stay.
struct ImportsPurge: ScheduledJob {
    static let name = "host.importsPurge"
    static let summary = LocalizedText(
        zh: "清除超过 30 天的导入及其上传的内容",
        en: "Removes imports that are older than 30 days, with what was uploaded for them")
    static let schedule = "27 * * * *"
    static let scope = Scope.host
    static let days: Int64 = 30

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let old = call.now.adding(seconds: -Self.days * 86_400)
        return try HostJobs.purge(call, Self.deletes(before: old))
    }

    private static func deletes(before old: Timestamp) -> [(name: String, sql: SQL)] {
        [
            (
                "chunks",
                """
                DELETE FROM host.import_chunk WHERE chunk_id IN (SELECT chunk_id FROM host.import_chunk JOIN host.import \
                USING (import_id) WHERE created_at < \(old) AND state <> 'applying' LIMIT \(HostJobs.portion))
                """
            ),
            (
                "keys",
                """
                DELETE FROM host.import_key WHERE (import_id, digest) IN (SELECT import_id, digest FROM host.import_key \
                JOIN host.import USING (import_id) WHERE created_at < \(old) AND state <> 'applying' \
                LIMIT \(HostJobs.portion))
                """
            ),
            (
                "faults",
                """
                DELETE FROM host.import_fault WHERE (import_id, line, ordinal) IN (SELECT import_id, line, ordinal \
                FROM host.import_fault JOIN host.import USING (import_id) \
                WHERE created_at < \(old) AND state <> 'applying' LIMIT \(HostJobs.portion))
                """
            ),
            (
                "imports",
                """
                DELETE FROM host.import WHERE import_id IN (SELECT import_id FROM host.import one \
                WHERE created_at < \(old) AND state <> 'applying' \
                AND NOT EXISTS (SELECT FROM host.import_chunk WHERE import_id = one.import_id) \
                AND NOT EXISTS (SELECT FROM host.import_key WHERE import_id = one.import_id) \
                AND NOT EXISTS (SELECT FROM host.import_fault WHERE import_id = one.import_id) LIMIT \(HostJobs.portion))
                """
            ),
        ]
    }
}
