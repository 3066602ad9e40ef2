package import XinglinKit
package import XinglinPostgres

/// How far the sealer is behind, read from the database: any host can tell, whichever of them seals.
package struct SealingStatus: Sendable {
    /// Audit rows that have no link yet.
    package let unsealedAuditRows: Int
    /// The age of the oldest of them; 0 where there is none.
    package let oldestUnsealedAuditSeconds: Double
    /// Events that have no number yet.
    package let outboxRows: Int
    /// The age of the oldest of them; 0 where there is none.
    package let oldestOutboxSeconds: Double
    /// When the last checkpoint was signed; nil before the first.
    package let lastCheckpointAt: Timestamp?
    /// Chains of the audit whose last link is damaged so that nothing is sealed behind it.
    package let stoppedChains: Int

    package static func read(_ connection: Connection) throws -> SealingStatus {
        try Self.decode(connection.query(Self.question))
    }

    /// The same inside a call.
    package static func read(_ database: Database) throws -> SealingStatus {
        try Self.decode(database.rows(Self.question))
    }

    // By the age of rows on the database's clock; a host whose clock is ahead must not make an age negative.
    private static let question: SQL = """
        SELECT waiting.rows, waiting.seconds, outbox.rows, outbox.seconds,
            (SELECT at FROM host.audit_checkpoint ORDER BY number DESC LIMIT 1), (\(literal: StoppedChains.count))
        FROM (
            SELECT count(*) AS rows, greatest(coalesce(extract(epoch FROM now() - min(at) FILTER (
                WHERE isfinite(at))), 0), 0)::text AS seconds
            FROM host.audit_waiting()
        ) waiting, (
            SELECT count(*) AS rows, greatest(coalesce(extract(epoch FROM now() - min(at)), 0), 0)::text AS seconds
            FROM host.outbox
        ) outbox
        """

    private static func decode(_ rows: Rows) throws -> SealingStatus {
        let row: (Int, String, Int, String, Cell<Timestamp>, Int)? = try rows.first()
        guard let (audit, auditSeconds, outbox, outboxSeconds, checkpoint, stopped) = row,
            let auditAge = Double(auditSeconds), let outboxAge = Double(outboxSeconds)
        else { throw DatabaseError(kind: .decoding, message: "the sealing status is not one row of numbers") }
        return SealingStatus(
            unsealedAuditRows: audit, oldestUnsealedAuditSeconds: auditAge, outboxRows: outbox,
            oldestOutboxSeconds: outboxAge, lastCheckpointAt: checkpoint.value, stoppedChains: stopped)
    }
}
