internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Gives audit rows their places in the chains of their sites, in the order of `seq`, when their transactions are over.
///
/// It only reads `host.audit`, and adds to `host.audit_link`, which no business transaction touches: none ever waits for it.
/// Two sealers at once could not fork a chain: its primary key lets one of them through.
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
    private let state = Mutex(State())

    /// How many rows this host has sealed since it started.
    var sealed: Int { self.state.withLock { $0.sealed } }

    var isHeldUp: Bool { self.state.withLock { $0.isHeldUp } }

    func seal(below horizon: String, on connection: Connection) throws -> Int {
        self.state.withLock { state in
            guard state.session != connection.identity else { return }
            state.session = connection.identity
            state.pending = nil
            state.newest = nil
        }
        let rows: [(Int64, RecordID?, SQLBytes, Bool)] = try connection.query(self.waiting(horizon)).decode()
        // A row that is not over yet holds up what comes behind it: its transaction may be the cause of theirs.
        let due = rows.prefix { $0.3 }.map { Due(seq: $0.0, chain: $0.1 ?? AuditLink.hostChain, digest: $0.2) }
        self.state.withLock { $0.isHeldUp = due.count < rows.count }
        let isAll = rows.count < self.batch
        let upTo = rows.count > due.count ? rows[due.count].0 - 1 : isAll ? .max : due.last?.seq ?? 0
        let watermark = self.settled(upTo: upTo, UInt64(horizon) ?? 0)
        if due.isEmpty, watermark == nil { return 0 }
        try self.store(due, watermark, connection)
        return due.count
    }

    /// Visible rows with transaction ids that this cluster has not come to were restored from another one: they are over.
    private func waiting(_ horizon: String) -> SQL {
        """
        SELECT a.seq, a.site_id, a.digest, a.xid < \(horizon)::xid8 OR a.xid >= pg_snapshot_xmax(pg_current_snapshot())
        FROM host.audit a
        WHERE a.seq > (SELECT w.seq FROM host.audit_watermark w)
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

    private func store(_ due: [Due], _ watermark: Int64?, _ connection: Connection) throws {
        var statements: [SQL] = ["BEGIN", "SELECT pg_current_xact_id()::text"]
        if !due.isEmpty { statements.append(try self.links(due, connection)) }
        if let watermark {
            statements.append("UPDATE host.audit_watermark SET seq = \(watermark) WHERE seq < \(watermark)")
        }
        let results = try connection.run((statements + ["COMMIT"]).map { PipelineItem(sql: $0, role: "") })
        let xid = try results[1].first(as: String.self).flatMap { UInt64($0) }
        self.state.withLock { state in
            state.sealed += due.count
            if let xid, let last = due.last { state.newest = Mark(seq: last.seq, xid: xid) }
            if watermark != nil || state.pending == nil {
                state.pending = state.newest
                state.newest = nil
            }
        }
    }

    private func links(_ due: [Due], _ connection: Connection) throws -> SQL {
        var heads = try self.heads(Set(due.map(\.chain)), connection)
        let now = HostClock.system.now
        var numbers: [Int64] = []
        var values: [SQLBytes] = []
        for row in due {
            let head = heads[row.chain] ?? (number: 0, link: AuditLink.beginning)
            let link = AuditLink(
                chain: row.chain, number: head.number + 1, seq: row.seq, sealedAt: now, digest: row.digest)
            let value = try link.value(after: head.link)
            heads[row.chain] = (link.number, value)
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

    private func heads(
        _ chains: Set<RecordID>, _ connection: Connection
    ) throws -> [RecordID: (number: Int64, link: SQLBytes)] {
        let rows: [(RecordID, Int64, SQLBytes)] = try connection.query(
            """
            SELECT wanted.chain, head.number, head.link FROM unnest(\(Array(chains))::uuid[]) AS wanted (chain)
            CROSS JOIN LATERAL (
                SELECT l.number, l.link FROM host.audit_link l
                WHERE l.chain = wanted.chain ORDER BY l.number DESC LIMIT 1
            ) head
            """
        ).decode()
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.0, (number: $0.1, link: $0.2)) })
    }
}
