import Glibc
import Synchronization
import XinglinKit

@testable import XinglinPostgres

/// The cluster that all suites of this process share; it is stopped and removed when the process ends.
enum TestCluster {
    private static let started: Result<EmbeddedCluster, ClusterError> = {
        let cluster = TestCluster.make(in: TestCluster.folder)
        atexit(endTestCluster)
        do throws(ClusterError) {
            try cluster.start()
            return .success(cluster)
        } catch {
            return .failure(error)
        }
    }()

    static let folder = "/tmp/xinglin-pg-\(getpid())"
    static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let names = Atomic<Int>(0)

    static func shared() throws -> EmbeddedCluster { try Self.started.get() }

    /// A cluster without the cost of durability.
    static func make(in folder: String) -> EmbeddedCluster {
        EmbeddedCluster(
            dataDirectory: folder, user: "postgres", log: Self.log,
            overrides: [
                "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "16MB",
            ])
    }

    /// A name that no other test has.
    static func uniqueName(_ stem: String) -> String {
        "\(stem)_\(Self.names.add(1, ordering: .relaxed).newValue)"
    }

    /// A superuser's connection to a database that all tests share.
    static func connect(lockTimeout: String = "2s") throws -> Connection {
        try Connection(Self.conninfo(), applicationName: "test", lockTimeout: lockTimeout)
    }

    static func conninfo() throws -> String {
        try Self.shared().superuserConninfo(database: "postgres")
    }

    /// Calls the body with a cluster of its own, which is stopped and removed afterwards.
    static func withOwn(_ body: (EmbeddedCluster, _ folder: String) throws -> Void) throws {
        let folder = "/tmp/\(Self.uniqueName("xinglin-pg-own-\(getpid())"))"
        let cluster = Self.make(in: folder)
        defer { Self.remove(folder) }
        try cluster.start()
        defer { try? cluster.stop() }
        try body(cluster, folder)
    }

    static func remove(_ folder: String) {
        guard let user = try? SystemUser.current() else { return }
        _ = try? ServerProgram(folder: "/usr/bin", user: user).run("/bin/rm", ["-rf", folder])
    }
}

private func endTestCluster() {
    try? TestCluster.shared().stop()
    TestCluster.remove(TestCluster.folder)
}

/// What one thread leaves for another.
final class Mailbox<Value: Sendable>: Sendable {
    private enum Condition: Int, CaseIterable { case filled }
    private let monitor = Monitor<[Value], Condition>([])

    func put(_ value: Value) {
        self.monitor.withLock { $0.append(value) }
        self.monitor.broadcast(.filled)
    }

    /// The next value, or nil where none comes in time.
    func take(within limit: Duration = .seconds(20)) -> Value? {
        self.monitor.wait(for: .filled, atMost: limit) { $0.isEmpty ? nil : $0.removeFirst() }
    }

    var all: [Value] { self.monitor.withLock { $0 } }
}

/// Looks again and again until it holds, or the time is over.
func eventually(within limit: Duration = .seconds(30), _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.Instant.now + limit
    while try !condition() {
        guard ContinuousClock.Instant.now < deadline else { return false }
        usleep(5000)
    }
    return true
}

extension Connection {
    /// Runs the statements without a role.
    func run(_ statements: [SQL]) throws -> [Rows] {
        try self.run(statements.map { PipelineItem(sql: $0, role: "") })
    }

    /// What the statements fail with.
    func failure(of statements: SQL...) throws -> DatabaseError? {
        do {
            _ = try self.run(statements)
            return nil
        } catch let error as DatabaseError {
            return error
        }
    }
}

extension Rows {
    /// The first column of the first row.
    func one<Value: SQLDecodable>(_ type: Value.Type) throws -> Value? {
        try self.decode(as: type).first
    }
}
