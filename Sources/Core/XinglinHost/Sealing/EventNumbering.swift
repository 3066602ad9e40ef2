internal import XinglinKit
internal import XinglinPostgres

/// Gives published events their numbers: it moves them from the outbox to the table of events, and wakes who waits for them.
///
/// Any committed row may get its number at once, whatever older transaction is still open: whoever saw an effect's row sees its
/// cause's, which stands in front of it by `seq`. The horizon would not do: a transaction that has its `xid` early and waits
/// for a lock may be below it while the cause that it waited for is not. docs/adr/0009 has the argument.
struct EventNumbering: SealingStep {
    let name = "events"
    let batch = 1_000

    /// What hosts listen on for new events.
    static let channel = "xinglin_events"

    func seal(below _: String, on connection: Connection) throws -> Int {
        let results = try connection.run(
            ["BEGIN", self.move, "COMMIT"].map { PipelineItem(sql: $0, role: "") })
        let moved: (Int, String?)? = try results[1].first()
        return moved?.0 ?? 0
    }

    /// One statement, so that an event is in one of the two tables at every moment.
    private var move: SQL {
        """
        WITH due AS (
            DELETE FROM host.outbox WHERE seq IN (
                SELECT seq FROM host.outbox ORDER BY seq LIMIT \(self.batch))
            RETURNING *
        ), placed AS (
            SELECT *, row_number() OVER (ORDER BY seq) AS place FROM due
        ), numbered AS (
            UPDATE host.numbering SET last = last + (SELECT count(*) FROM due)
            WHERE name = 'event' AND EXISTS (SELECT FROM due) RETURNING last
        ), moved AS (
            INSERT INTO host.event (number, event_id, topic, site_id, subject, at, account_id, trace, body)
            SELECT numbered.last - (SELECT count(*) FROM due) + place, event_id, topic, site_id, subject, at, account_id,
                   trace, body
            FROM placed, numbered
            RETURNING number
        )
        SELECT count(*), CASE WHEN count(*) > 0 THEN pg_notify(\(Self.channel), max(number)::text) END FROM moved
        """
    }
}
