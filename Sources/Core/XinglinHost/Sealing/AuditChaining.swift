internal import Logging
internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Gives audit rows their places in the chains of their sites, in the order of `seq`, when their transactions are over.
///
/// It only reads `host.audit`, and adds to `host.audit_link`, which no business transaction touches: none ever waits for it.
/// Two sealers at once could not fork a chain: its primary key lets one of them through.
///
/// A chain whose last link was damaged so that none can follow it is left alone until it is mended, and its rows wait; the
/// other chains go on.
final class AuditChaining: SealingStep {
    let name = "audit"
    let batch = 2_000

    private struct State {
        /// How many rows this host has sealed.
        var sealed = 0
        var isHeldUp = false
        /// Where the rest was seen: another server may have lost what this one had, and given its numbers again.
        var session: SessionIdentity?
        /// What the watermark goes to once every transaction that was open when it was sealed is over.
        var pending: Mark?
        /// The newest row that was sealed.
        var newest: Mark?
        /// Every row up to here is sealed or waits for a stopped chain: the watermark, where that may not move.
        var passed: Int64 = .min
        var stopped: StoppedChains
    }
    /// A sealed row, and the transaction that sealed it. Whoever took a lower `seq` had its transaction id before this one.
    private struct Mark {
        let seq: Int64
        let xid: UInt64
    }
    private struct Due {
        let seq: Int64
        let chain: RecordID
        let digest: SQLBytes
    }
    private struct Head {
        let number: Int64
        let link: SQLBytes
    }
    private let log: Logger
    private let patience: Duration
    private let state: Mutex<State>

    /// - Parameter patience: how long until a stopped chain is looked at again.
    init(log: Logger, patience: Duration = .seconds(60)) {
        self.log = log
        self.patience = patience
        self.state = Mutex(State(stopped: StoppedChains(patience: patience)))
    }

    /// How many rows this host has sealed since it started.
    var sealed: Int { self.state.withLock { $0.sealed } }

    var isHeldUp: Bool { self.state.withLock { $0.isHeldUp } }

    func seal(below horizon: String, on connection: Connection) throws -> Int {
        let (passed, stopped) = self.state.withLock { state in
            if state.session != connection.identity || state.stopped.isToBeTriedAgain {
                let (sealed, isHeldUp) = (state.sealed, state.isHeldUp)
                state = State(
                    sealed: sealed, isHeldUp: isHeldUp, session: connection.identity,
                    stopped: StoppedChains(patience: self.patience))
            }
            return (state.passed, state.stopped.chains)
        }
        let rows: [(Int64, RecordID?, Cell<SQLBytes>, Cell<Bool>)] = try connection.query(
            self.waiting(horizon, after: passed, without: stopped)
        ).decode()
        // A row that is not over yet holds up what comes behind it: its transaction may be the cause of theirs.
        let over = rows.prefix { $0.3.value ?? true }.map {
            Due(seq: $0.0, chain: $0.1 ?? AuditLink.hostChain, digest: AuditLink.digest($0.2.value))
        }
        self.state.withLock { $0.isHeldUp = over.count < rows.count }
        let isAll = rows.count < self.batch
        let upTo = rows.count > over.count ? rows[over.count].0 - 1 : isAll ? .max : over.last?.seq ?? 0
        let heads = try self.heads(Set(over.map(\.chain)), connection)
        let due = over.filter { heads.damaged.contains($0.chain) == false }
        self.stop(heads.damaged)
        let settled = self.settled(upTo: upTo, UInt64(horizon) ?? 0)
        if !due.isEmpty || settled != nil { try self.store(due, heads.sound, settled, connection) }
        return over.count
    }

    /// Visible rows with transaction ids that this cluster has not come to were restored from another one: they are over.
    private func waiting(_ horizon: String, after passed: Int64, without stopped: [RecordID]) -> SQL {
        """
        SELECT a.seq, a.site_id, a.digest, a.xid < \(horizon)::xid8 OR a.xid >= pg_snapshot_xmax(pg_current_snapshot())
        FROM host.audit a
        WHERE a.seq > greatest((SELECT w.seq FROM host.audit_watermark w), \(passed))
            AND coalesce(a.site_id, \(AuditLink.hostChain)) <> ALL (\(stopped)::uuid[])
            AND NOT EXISTS (SELECT FROM host.audit_link l WHERE l.seq = a.seq OFFSET 0)
        ORDER BY a.seq LIMIT \(self.batch)
        """
    }

    /// Where the watermark may go, if it may.
    private func settled(upTo seq: Int64, _ horizon: UInt64) -> Int64? {
        self.state.withLock { state in
            guard let pending = state.pending, horizon > pending.xid, pending.seq <= seq else { return nil }
            return pending.seq
        }
    }

    /// Notes chains at which nothing can be sealed.
    private func stop(_ damaged: Set<RecordID>) {
        if damaged.isEmpty { return }
        self.state.withLock { $0.stopped.add(damaged) }
        for chain in damaged.sorted() {
            self.log.error(
                "the audit is not sealed further at a chain whose last link is damaged; run xinglin audit verify",
                metadata: ["chain": .string(chain.description)])
        }
    }

    /// - Parameter settled: up to where every row has its place, or waits for a stopped chain.
    private func store(
        _ due: [Due], _ heads: [RecordID: Head], _ settled: Int64?, _ connection: Connection
    ) throws {
        var statements: [SQL] = ["BEGIN", "SELECT pg_current_xact_id()::text"]
        if !due.isEmpty { statements.append(try self.links(due, heads)) }
        // Rows of a stopped chain wait behind the watermark, wherever their numbers are.
        if let settled, self.state.withLock({ $0.stopped.chains.isEmpty }) {
            statements.append("UPDATE host.audit_watermark SET seq = \(settled) WHERE seq < \(settled)")
        }
        let results = try connection.run((statements + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") })
        let xid = try results[1].first(as: String.self).flatMap { UInt64($0) }
        self.state.withLock { state in
            state.sealed += due.count
            state.passed = max(state.passed, settled ?? .min)
            if let xid, let last = due.last { state.newest = Mark(seq: last.seq, xid: xid) }
            if settled != nil || state.pending == nil {
                state.pending = state.newest
                state.newest = nil
            }
        }
    }

    private func links(_ due: [Due], _ known: [RecordID: Head]) throws -> SQL {
        var heads = known
        let now = HostClock.system.now
        var numbers: [Int64] = []
        var values: [SQLBytes] = []
        for row in due {
            let head = heads[row.chain] ?? Head(number: 0, link: AuditLink.beginning)
            // No overflow: a chain whose head stands at the last number is stopped, and a batch is small.
            let link = AuditLink(
                chain: row.chain, number: head.number + 1, seq: row.seq, sealedAt: now, digest: row.digest)
            let value = try link.value(after: head.link)
            heads[row.chain] = Head(number: link.number, link: value)
            numbers.append(link.number)
            values.append(value)
        }
        return """
            INSERT INTO host.audit_link (chain, number, seq, sealed_at, digest, link)
            SELECT l.chain, l.number, l.seq, \(now)::timestamptz, l.digest, l.link
            FROM unnest(\(due.map(\.chain))::uuid[], \(numbers)::bigint[], \(due.map(\.seq))::bigint[],
                \(due.map(\.digest))::bytea[], \(values)::bytea[]) AS l (chain, number, seq, digest, link)
            """
    }

    /// Where the chains stand, and which of them cannot go on.
    private func heads(
        _ chains: Set<RecordID>, _ connection: Connection
    ) throws -> (sound: [RecordID: Head], damaged: Set<RecordID>) {
        if chains.isEmpty { return ([:], []) }
        let rows: [(RecordID, Cell<Int64>, Cell<SQLBytes>)] = try connection.query(
            """
            SELECT wanted.chain, head.number, head.link FROM unnest(\(Array(chains))::uuid[]) AS wanted (chain)
            CROSS JOIN LATERAL (
                SELECT l.number, l.link FROM host.audit_link l
                WHERE l.chain = wanted.chain ORDER BY l.number DESC LIMIT 1
            ) head
            """
        ).decode()
        var sound: [RecordID: Head] = [:]
        var damaged: Set<RecordID> = []
        for (chain, number, link) in rows {
            guard let number = number.value, (1..<AuditLink.last).contains(number), let link = link.value,
                link.bytes.count == AuditLink.beginning.bytes.count
            else {
                damaged.insert(chain)
                continue
            }
            sound[chain] = Head(number: number, link: link)
        }
        return (sound, damaged)
    }
}
