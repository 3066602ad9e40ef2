internal import XinglinKit
internal import XinglinPostgres

/// The SQL of handlers' cursors and of what they put off.
enum HandlerStore {
    /// The first half of the advisory locks of handlers: "xleh".
    private static let lockSpace = 0x786C_6568

    static func lock(_ handler: String) -> SQL { "SELECT pg_try_advisory_lock(\(Self.lockSpace), hashtext(\(handler)))" }
    static func unlock(_ handler: String) -> SQL { "SELECT pg_advisory_unlock(\(Self.lockSpace), hashtext(\(handler)))" }

    /// Each handler's cursor, whether something that failed is due, and in how many milliseconds the next will be.
    static func states(_ handlers: [String]) -> SQL {
        """
        SELECT handler, number, coalesce(due <= now(), false), \
        CASE WHEN due > now() THEN ceil(extract(epoch FROM due - now()) * 1000)::bigint END \
        FROM host.event_cursor, LATERAL (SELECT min(next_at) AS due FROM host.event_delayed \
        WHERE event_delayed.handler = event_cursor.handler AND next_at IS NOT NULL) delayed \
        WHERE handler = ANY (\(handlers))
        """
    }

    static func next(_ topics: [String], after number: Int64, through last: Int64) -> SQL {
        """
        SELECT number FROM host.event WHERE number > \(number) AND number <= \(last) AND topic = ANY (\(topics)) \
        ORDER BY number LIMIT 1
        """
    }

    static func cursor(_ handler: String) -> SQL {
        "SELECT number, is_busy FROM host.event_cursor WHERE handler = \(handler)"
    }

    static func move(_ handler: String, to number: Int64) -> SQL {
        "UPDATE host.event_cursor SET number = \(number) WHERE handler = \(handler) AND number < \(number)"
    }

    /// Of these subjects, those of which an event waits already.
    static func waiting(_ handler: String, _ subjects: [RecordID]) -> SQL {
        """
        SELECT DISTINCT subject FROM host.event_delayed \
        WHERE handler = \(handler) AND subject = ANY (\(subjects)::uuid[])
        """
    }

    static func due(_ handler: String, limit: Int) -> SQL {
        """
        SELECT number, event_id, topic, site_id, subject, at, account_id, trace, body FROM host.event_delayed \
        WHERE handler = \(handler) AND next_at <= now() ORDER BY number LIMIT \(limit)
        """
    }

    /// Puts an event off behind an earlier one of its subject.
    static func queue(_ handler: String, _ event: StoredEvent) -> SQL { self.put(handler, event, nil) }

    /// Why an attempt failed.
    struct Failure {
        let reason: String
        let trace: String
        let attempts: Int
        /// In how many milliseconds to try again; nil parks it.
        let wait: Int64?
    }

    static func put(_ handler: String, _ event: StoredEvent, _ failure: Failure?) -> SQL {
        """
        INSERT INTO host.event_delayed (handler, number, event_id, topic, site_id, subject, at, account_id, trace, body, \
        attempts, reason, failure, since, next_at, parked_at) \
        VALUES (\(handler), \(event.number), \(event.id), \(event.topic), \(event.site), \(event.subject), \(event.at), \
        \(event.account), \(event.trace), \(event.body), \(failure?.attempts ?? 0), \(failure?.reason), \(failure?.trace), \
        CASE WHEN \(failure != nil)::bool THEN now() END, now() + \(failure?.wait)::bigint * interval '1 millisecond', \
        CASE WHEN \(failure != nil && failure?.wait == nil)::bool THEN now() END)
        """
    }

    /// Counts an attempt before it is made, so that the death of the host in it counts too.
    static func begin(_ handler: String, _ number: Int64, firstWait: Int, longestWait: Int64) -> SQL {
        """
        UPDATE host.event_delayed SET attempts = attempts + 1, \
        next_at = now() + least(\(longestWait), \(firstWait) * 4 ^ least(attempts, 10)) * interval '1 millisecond' \
        WHERE handler = \(handler) AND number = \(number) RETURNING attempts, reason
        """
    }

    static func failed(_ handler: String, _ number: Int64, reason: String, trace: String, isLast: Bool) -> SQL {
        """
        UPDATE host.event_delayed SET reason = \(reason), failure = \(trace), since = coalesce(since, now()), \
        next_at = CASE WHEN NOT \(isLast)::bool THEN next_at END, parked_at = CASE WHEN \(isLast)::bool THEN now() END \
        WHERE handler = \(handler) AND number = \(number)
        """
    }

    /// It is done, and the next one of its subject may go on.
    static func done(_ handler: String, _ number: Int64, _ subject: RecordID) -> [SQL] {
        [
            "DELETE FROM host.event_delayed WHERE handler = \(handler) AND number = \(number)",
            """
            UPDATE host.event_delayed SET next_at = now() WHERE handler = \(handler) AND number = \
            (SELECT min(number) FROM host.event_delayed WHERE handler = \(handler) AND subject = \(subject))
            """,
        ]
    }

    static func busy(_ handler: String, _ isBusy: Bool) -> SQL {
        "UPDATE host.event_cursor SET is_busy = \(isBusy), begun = NULL, begun_for = 0 WHERE handler = \(handler)"
    }

    /// Notes which event is begun, after a batch that did not come to its end; gives how often it has been begun.
    static func begin(_ handler: String, careful number: Int64) -> SQL {
        """
        UPDATE host.event_cursor SET begun = \(number), \
        begun_for = CASE WHEN begun = \(number) THEN begun_for + 1 ELSE 1 END \
        WHERE handler = \(handler) RETURNING begun_for
        """
    }

    /// A transaction that need not survive the death of the database server, only that of the host: it waits for no disk.
    static func light(_ statement: SQL, _ connection: Connection) throws -> Rows {
        let statements: [SQL] = [
            "BEGIN", "SELECT set_config('synchronous_commit', 'off', true)", statement, "COMMIT",
        ]
        return try connection.run(statements.map { PipelineItem(sql: $0, role: "") })[2]
    }
}
