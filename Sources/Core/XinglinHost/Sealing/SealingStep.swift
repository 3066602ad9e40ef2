internal import XinglinPostgres

/// A part of what the sealer does in each round.
protocol SealingStep: Sendable {
    /// Stands in the log and in metrics.
    var name: String { get }

    /// Deals with a bounded number of the rows whose transactions are over: those with an `xid` below the horizon, in the
    /// order of `seq`. Runs in a transaction of its own making on the connection that holds the sealer's lock.
    /// - Parameter horizon: `pg_snapshot_xmin`, as text: no transaction below it is open, and none will ever be.
    /// - Returns: how many rows; where it is `batch`, the sealer asks again at once.
    func seal(below horizon: String, on connection: Connection) throws -> Int

    /// The most rows of one turn.
    var batch: Int { get }

    /// Whether rows were left in the last turn because a transaction is still open.
    var isHeldUp: Bool { get }

    /// Does what is to be done at a clean stop, after the last turn.
    func conclude(on connection: Connection) throws
}

extension SealingStep {
    var isHeldUp: Bool { false }
    func conclude(on connection: Connection) throws {}
}
