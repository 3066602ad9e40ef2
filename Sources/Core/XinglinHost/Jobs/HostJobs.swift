internal import XinglinKit

/// The host's own jobs: what is kept for a time goes after it, some rows at a time.
enum HostJobs {
    static let all: [any ScheduledJob] = [KeysPurge(), SessionsPurge(), ImportsPurge(), FilesPurge(), RunsPurge()]

    /// Rows deleted in one transaction, so that no delete holds locks for long.
    static let portion = 5_000

    /// Runs deletes that each take at most a portion; there is more to do where one took a whole one.
    static func purge(_ call: Call, _ deletes: [(name: String, sql: SQL)]) throws -> JobResult {
        var counts: [String: Int] = [:]
        var isMore = false
        for delete in deletes {
            let gone = try call.db.execute(delete.sql)
            if gone > 0 { counts[delete.name, default: 0] += gone }
            isMore = isMore || gone == Self.portion
        }
        return isMore ? .unfinished(counts) : .done(counts)
    }
}

/// Idempotency keys are honoured for seven days.
struct KeysPurge: ScheduledJob {
    static let name = "host.keysPurge"
    static let summary = LocalizedText(
        zh: "清除超过 7 天的 idempotencyKey", en: "Removes idempotency keys that are older than 7 days")
    static let schedule = "7 * * * *"
    static let scope = Scope.host
    static let days: Int64 = 7

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let old = call.now.adding(seconds: -Self.days * 86_400)
        return try HostJobs.purge(
            call,
            [
                (
                    "keys",
                    """
                    DELETE FROM host.idempotency WHERE ctid IN \
                    (SELECT ctid FROM host.idempotency WHERE created_at < \(old) LIMIT \(HostJobs.portion))
                    """
                )
            ])
    }
}

/// Sessions that have ended by time.
struct SessionsPurge: ScheduledJob {
    static let name = "host.sessionsPurge"
    static let summary = LocalizedText(zh: "清除已过期的会话", en: "Removes sessions that have expired")
    static let schedule = "17 * * * *"
    static let scope = Scope.host

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        try HostJobs.purge(
            call,
            [
                (
                    "sessions",
                    """
                    DELETE FROM host.session WHERE token_digest IN \
                    (SELECT token_digest FROM host.session WHERE expires_at < \(call.now) LIMIT \(HostJobs.portion))
                    """
                )
            ])
    }
}

/// The history of jobs is kept for ninety days.
struct RunsPurge: ScheduledJob {
    static let name = "host.runsPurge"
    static let summary = LocalizedText(
        zh: "清除超过 90 天的任务运行记录", en: "Removes the history of jobs that is older than 90 days")
    static let schedule = "37 3 * * *"
    static let scope = Scope.host
    static let days: Int64 = 90

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let old = call.now.adding(seconds: -Self.days * 86_400)
        return try HostJobs.purge(call, [("runs", JobStore.forget(before: old, limit: HostJobs.portion))])
    }
}
