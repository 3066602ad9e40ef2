internal import CLibPQ
public import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

extension Connection {
    /// What is expected back, in order.
    private enum Step {
        case prepare(item: Int, StatementCache.Key, name: String)
        case execute(item: Int)
        case deallocate
        case sync
    }

    /// Runs the statements in one pipeline with one synchronisation at its end: one round trip.
    /// - Returns: one result per item, in order.
    /// - Throws: the first failure (`failedItem` says whose); nothing after it ran. `.retry` also where a prepared
    ///   statement no longer fits the schema: run the whole transaction again.
    public func run(_ items: [PipelineItem]) throws(DatabaseError) -> [Rows] {
        try self.enterHostScope()
        do throws(DatabaseError) {
            return try self.runInScope(items)
        } catch {
            throw error.ofHost
        }
    }

    /// The same under whatever scope the session is set to: for the one place that sets it.
    public func runInScope(_ items: [PipelineItem]) throws(DatabaseError) -> [Rows] {
        self.failedItem = nil
        guard !items.isEmpty else { return [] }
        try self.ensureUsable()
        for (index, item) in items.enumerated() {
            guard let refusal = Self.refusal(of: item.sql) else { continue }
            self.failedItem = index
            throw refusal
        }
        guard PQenterPipelineMode(self.raw) == 1 else { throw self.desynchronised() }
        let steps = try self.send(items)
        self.flush()
        let rows = try self.collect(steps)
        guard PQexitPipelineMode(self.raw) == 1 else { throw self.desynchronised() }
        return rows
    }

    /// What cannot be sent at all is refused before anything of the batch is.
    private static func refusal(of sql: SQL) -> DatabaseError? {
        guard sql.values.count <= 65_535 else {
            return DatabaseError(kind: .other, sqlState: "54000", message: "a statement has more than 65535 values")
        }
        let holdsNUL = Self.holdsNUL(sql.text) || sql.values.contains { $0.map(Self.holdsNUL) ?? false }
        return holdsNUL ? .nulCharacter : nil
    }

    private static func holdsNUL(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        }
    }

    private func send(_ items: [PipelineItem]) throws(DatabaseError) -> [Step] {
        var steps: [Step] = []
        steps.reserveCapacity(items.count * 2 + 1)
        // In a transaction of their own, so that nothing of this housekeeping can fail the batch.
        if self.isIdle, !self.cache.evicted.isEmpty {
            for name in self.cache.takeEvicted() {
                guard PQsendQueryParams(self.raw, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1 else {
                    throw self.desynchronised()
                }
                steps.append(.deallocate)
            }
            guard PQpipelineSync(self.raw) == 1 else { throw self.desynchronised() }
            steps.append(.sync)
        }
        var fresh: [StatementCache.Key: String] = [:]
        for (index, item) in items.enumerated() {
            let key = StatementCache.Key(role: item.role, text: item.sql.text)
            let name: String
            if let known = self.cache.name(of: key) ?? fresh[key] {
                name = known
            } else {
                name = self.cache.makeName()
                fresh[key] = name
                guard PQsendPrepare(self.raw, name, item.sql.text, 0, nil) == 1 else { throw self.desynchronised() }
                steps.append(.prepare(item: index, key, name: name))
            }
            let sent = ParameterBuffer(item.sql.values).withPointers { values in
                PQsendQueryPrepared(self.raw, name, Int32(item.sql.values.count), values, nil, nil, 0)
            }
            guard sent == 1 else { throw self.desynchronised() }
            steps.append(.execute(item: index))
        }
        guard PQpipelineSync(self.raw) == 1 else { throw self.desynchronised() }
        steps.append(.sync)
        return steps
    }

    /// Sends all there is, reading meanwhile: with both sides' buffers full, a sender that only writes waits forever.
    /// Failures show in the results.
    func flush() {
        while PQflush(self.raw) == 1 {
            guard let events = self.wait(for: Int16(POLLIN | POLLOUT)) else { return }
            if events & Int16(POLLIN | POLLHUP | POLLERR) != 0, PQconsumeInput(self.raw) == 0 { return }
        }
    }

    /// How long a wait may be without telling that others may serve meanwhile.
    private static let shortWait = 200_000

    /// Waits for the socket. Gives what it is ready for, or nil at `giveUpAt` and where it cannot be waited for.
    private func wait(for events: Int16) -> Int16? {
        guard let onStall = self.onStall else { return self.waitOut(events) }
        var descriptor = pollfd(fd: PQsocket(self.raw), events: events, revents: 0)
        if GNUFunctions.poll(&descriptor, nanoseconds: Self.shortWait) > 0 { return descriptor.revents }
        onStall()
        defer { self.onResume?() }
        return self.waitOut(events)
    }

    private func waitOut(_ events: Int16) -> Int16? {
        while true {
            var milliseconds: Int64 = -1
            if let giveUpAt = self.giveUpAt {
                let left = (giveUpAt - .now).components
                guard left.seconds > 0 || left.attoseconds > 0 else { return nil }
                milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
            }
            var descriptor = pollfd(fd: PQsocket(self.raw), events: events, revents: 0)
            let ready = poll(&descriptor, 1, Int32(clamping: milliseconds))
            if ready > 0 { return descriptor.revents }
            guard ready == 0 || errno == EINTR else { return nil }
        }
    }

    /// The next result, or nil where the connection is lost, or its server has not answered by `giveUpAt`.
    func nextResult() throws(DatabaseError) -> OpaquePointer? {
        while PQisBusy(self.raw) == 1 {
            guard self.wait(for: Int16(POLLIN)) != nil else {
                self.isDesynchronised = true
                throw DatabaseError(kind: .unavailable, message: "the server did not answer in time")
            }
            // A lost connection shows in the result.
            if PQconsumeInput(self.raw) == 0 { break }
        }
        return PQgetResult(self.raw)
    }

    private func collect(_ steps: [Step]) throws(DatabaseError) -> [Rows] {
        var rows: [Rows] = []
        var failure: DatabaseError?
        for step in steps {
            guard let result = try self.nextResult() else {
                self.isDesynchronised = true
                throw failure ?? DatabaseError.unavailable(self.raw)
            }
            if let error = self.take(result, of: step, into: &rows), failure == nil { failure = error }
            guard PQstatus(self.raw) == CONNECTION_OK, !self.isDesynchronised else {
                self.isDesynchronised = true
                throw failure ?? DatabaseError.unavailable(self.raw)
            }
            if case .sync = step { continue }
            // Each statement's result is followed by a NULL.
            if let extra = try self.nextResult() {
                PQclear(extra)
                throw self.desynchronised()
            }
        }
        guard let failure else { return rows }
        if failure.isStalePlan { self.cache.forgetAll() }
        guard PQexitPipelineMode(self.raw) == 1 else { throw self.desynchronised() }
        throw failure
    }

    /// Keeps a result, or gives its error. Owns the result from here on.
    private func take(_ result: OpaquePointer, of step: Step, into rows: inout [Rows]) -> DatabaseError? {
        let status = PQresultStatus(result)
        if case .execute = step, status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY
        {
            rows.append(Rows(ResultRows(result)))
            return nil
        }
        defer { PQclear(result) }
        switch (step, status) {
        case (.prepare(_, let key, let name), PGRES_COMMAND_OK):
            self.cache.insert(key, name: name)
            return nil
        case (.deallocate, _), (.sync, PGRES_PIPELINE_SYNC), (_, PGRES_PIPELINE_ABORTED): return nil
        case (.prepare(let item, _, _), PGRES_FATAL_ERROR), (.execute(let item), PGRES_FATAL_ERROR):
            if self.failedItem == nil { self.failedItem = item }
            let error = DatabaseError(result: result, connectionLost: PQstatus(self.raw) != CONNECTION_OK)
            // A server that shuts down ends the session with its answer, whether the end has arrived yet or not.
            if error.kind == .unavailable { self.isDesynchronised = true }
            return error
        default:
            self.isDesynchronised = true
            return DatabaseError(kind: .unavailable, message: "an unexpected result; the connection is given up")
        }
    }

    private func desynchronised() -> DatabaseError {
        self.isDesynchronised = true
        return DatabaseError.unavailable(self.raw)
    }
}
