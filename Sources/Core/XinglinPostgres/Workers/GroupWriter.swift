public import Logging
public import XinglinKit

/// Writes rows that many callers wait for: whatever has come while one INSERT was being committed goes together in the next, so
/// that each row is durable when its caller is told and most callers share a commit.
public final class GroupWriter<Row: Sendable>: Sendable {
    private struct Waiting {
        let row: Row
        let done: @Sendable (DatabaseError?) -> Void
    }
    private struct State {
        var waiting: [Waiting] = []
        var isStopping = false
        var thread: OSThread?
    }
    private enum Condition: Int, CaseIterable {
        case changed
    }

    private let conninfo: String
    private let name: String
    private let log: Logger
    private let insert: @Sendable ([Row]) throws -> SQL
    private let monitor = Monitor<State, Condition>(State())

    /// Rows of one INSERT at the most.
    private static var batch: Int { 256 }
    /// Rows that may wait before further ones are refused.
    private static var capacity: Int { 8192 }
    /// How long an INSERT may take before its connection is given up and its callers are told.
    private static var patience: Duration { .seconds(10) }

    /// - Parameters:
    ///   - name: the thread's and the connection's name.
    ///   - insert: one statement that writes all the rows.
    public init(
        conninfo: String, name: String, log: Logger, insert: @escaping @Sendable ([Row]) throws -> SQL
    ) {
        self.conninfo = conninfo
        self.name = name
        self.log = log
        self.insert = insert
    }

    public func start() throws {
        let thread = try OSThread(name: self.name) { self.run() }
        self.monitor.withLock { $0.thread = thread }
    }

    /// Writes what waits, then ends the thread.
    public func stop() {
        let thread = self.monitor.withLock { state in
            state.isStopping = true
            defer { state.thread = nil }
            return state.thread
        }
        self.monitor.broadcast(.changed)
        thread?.join()
    }

    /// Hands a row over; `done` runs on the writer's thread once it is durable, or with why it is not.
    public func append(_ row: Row, done: @escaping @Sendable (DatabaseError?) -> Void) {
        let refusal: DatabaseError? = self.monitor.withLock { state in
            if state.isStopping || state.thread == nil {
                return DatabaseError(kind: .unavailable, message: "\(self.name) is not running")
            }
            if state.waiting.count >= Self.capacity {
                return DatabaseError(kind: .unavailable, message: "\(self.name) has too many rows waiting")
            }
            state.waiting.append(Waiting(row: row, done: done))
            return nil
        }
        if let refusal { return done(refusal) }
        self.monitor.signal(.changed)
    }

    private func run() {
        var connection: Connection?
        while let rows = self.next() {
            let failure = self.write(rows.map(\.row), &connection)
            for waiting in rows { waiting.done(failure) }
        }
    }

    /// The rows that wait; nil once it is stopping and there are none.
    private func next() -> [Waiting]? {
        self.monitor.wait(for: .changed, atMost: nil) { state -> [Waiting]?? in
            if state.waiting.isEmpty { return state.isStopping ? .some(nil) : nil }
            let rows = Array(state.waiting.prefix(Self.batch))
            state.waiting.removeFirst(rows.count)
            return rows
        } ?? nil
    }

    private func write(_ rows: [Row], _ connection: inout Connection?) -> DatabaseError? {
        do {
            // A connection that died while idle is replaced; one that breaks under the INSERT is not asked twice, because
            // nobody knows whether the rows are in.
            if connection?.isAlive() != true {
                connection = try Connection(self.conninfo, applicationName: "xinglin \(self.name)")
            }
            guard let connection else { return nil }
            connection.giveUpAt = .now + Self.patience
            _ = try connection.query(try self.insert(rows))
            return nil
        } catch {
            self.log.error(
                "rows were not written",
                metadata: ["writer": .string(self.name), "error": .string(String(describing: error))])
            if connection?.isBroken == true { connection = nil }
            return error as? DatabaseError ?? DatabaseError(kind: .other, message: "the rows could not be built")
        }
    }
}
