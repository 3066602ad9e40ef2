internal import Glibc
internal import Logging
internal import XinglinKit
internal import XinglinPostgres

/// Finds out whether a COMMIT took place when the connection broke before its answer came.
///
/// The call's audit row is written in the same transaction and carries the call's own trace, so it is there exactly if the
/// work is. A transaction id would not do: after a crash PostgreSQL may give it to another transaction.
///
/// On the same run of the same server the session that sent the COMMIT must have ended first. Another run of a server has none of
/// the old sessions; a server that was promoted meanwhile takes nothing more from the former one: what is not there never will be.
struct OutcomeResolver {
    enum Outcome {
        case committed
        case notCommitted
        /// The database did not come back in time.
        case undecided
    }

    let conninfo: String
    let log: Logger

    private static let patience = Duration.seconds(8)
    /// How far back in the audit the row can be: more rows than can follow it within the patience.
    private static let rowsBack: Int64 = 200_000

    func outcome(of trace: String, session: SessionIdentity) -> Outcome {
        let giveUp = ContinuousClock.Instant.now + Self.patience
        while ContinuousClock.Instant.now < giveUp {
            do {
                let connection = try Connection(self.conninfo, applicationName: "xinglin outcome")
                // A server that hangs must not hold the look-up longer than the patience.
                connection.giveUpAt = giveUp
                if try self.isGone(session, connection) { return try self.lookUp(trace, connection) }
            } catch {
                self.log.debug("the outcome of a commit cannot be looked up yet", metadata: ["trace": .string(trace)])
            }
            usleep(100_000)
        }
        self.log.warning("the outcome of a commit stayed unknown", metadata: ["trace": .string(trace)])
        return .undecided
    }

    /// Whether the session that may still be committing has ended.
    private func isGone(_ session: SessionIdentity, _ connection: Connection) throws -> Bool {
        guard connection.identity.serverStart == session.serverStart else { return true }
        let sql: SQL = """
            SELECT count(*) FROM pg_stat_activity WHERE pid = \(Int(session.backend)) AND usename = current_user
            """
        let count: Int64? = try connection.query(sql).first()
        return count == 0
    }

    private func lookUp(_ trace: String, _ connection: Connection) throws -> Outcome {
        let sql: SQL = """
            SELECT count(*) FROM host.audit \
            WHERE seq > (SELECT coalesce(max(seq), 0) - \(Self.rowsBack) FROM host.audit) AND trace = \(trace) AND outcome = 'done'
            """
        let count: Int64? = try connection.query(sql).first()
        guard count != 0 else { return .notCommitted }
        try connection.makeDurable()
        return .committed
    }
}

extension Connection {
    /// Returns once everything that is visible here is as durable as a commit's answer promises. After a crash, or where somebody
    /// cancelled its wait, a transaction can be seen that a synchronous standby does not have yet; a commit of one's own waits
    /// for it and for all before it.
    func makeDurable() throws {
        _ = try self.query("SELECT pg_logical_emit_message(true, 'xinglin', '')")
    }
}

/// A COMMIT whose outcome could not be found out.
struct OutcomeUndecided: Error {
    /// With an idempotency key the caller may safely repeat; without one a repetition might do the work twice.
    func fault(hasKey: Bool) -> Fault {
        Fault(HostFault.unavailable, details: ["outcome": "unknown"], retryable: hasKey)
    }
}
