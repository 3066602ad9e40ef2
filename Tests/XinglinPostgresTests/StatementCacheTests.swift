import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("The statement cache")
struct StatementCacheTests {
    @Test("The least recently used statement leaves first, and its name is handed over once")
    func eviction() {
        var cache = StatementCache(capacity: 2)
        let keys = ["a", "b", "c"].map { StatementCache.Key(role: "r", text: $0) }
        cache.insert(keys[0], name: "x1")
        cache.insert(keys[1], name: "x2")
        #expect(cache.name(of: keys[0]) == "x1")
        cache.insert(keys[2], name: "x3")
        #expect(cache.name(of: keys[1]) == nil)
        #expect(cache.count == 2)
        #expect(cache.takeEvicted() == ["x2"])
        #expect(cache.takeEvicted().isEmpty)
        cache.forgetAll()
        #expect(Set(cache.takeEvicted()) == ["x1", "x3"])
    }

    private func prepared(_ connection: Connection) throws -> [String] {
        try connection.query("SELECT statement FROM pg_prepared_statements ORDER BY 1").decode(as: String.self)
    }

    @Test("A statement is prepared once per role")
    func perRole() throws {
        let connection = try TestCluster.connect()
        for _ in 0..<3 {
            _ = try connection.run([
                PipelineItem(sql: "SELECT 40 + 2", role: "a"), PipelineItem(sql: "SELECT 40 + 2", role: "b"),
                PipelineItem(sql: "SELECT 40 + 2", role: "a"),
            ])
        }
        #expect(try self.prepared(connection).filter { $0 == "SELECT 40 + 2" }.count == 2)
    }

    @Test("Evicted statements are deallocated on the server, never in the way of a transaction")
    func deallocation() throws {
        let connection = try Connection(TestCluster.conninfo(), applicationName: "test", statements: 4)
        for number in 0..<20 {
            _ = try connection.run([PipelineItem(sql: "SELECT 1", role: "\(number)")])
        }
        #expect(try self.prepared(connection).count <= 6)
        #expect(try connection.failure(of: "BEGIN", "SELECT 1 / 0")?.sqlState == "22012")
        _ = try connection.run([PipelineItem(sql: "ROLLBACK", role: "new")])
        #expect(connection.isIdle)
        #expect(try self.prepared(connection).count <= 7)
    }

    @Test("What was prepared in vain, or never got its turn, is prepared again")
    func notCachedAfterAbort() throws {
        let connection = try TestCluster.connect()
        #expect(try connection.failure(of: "SELECT 1 / 0", "SELECT 5 AS late")?.sqlState == "22012")
        #expect(try connection.query("SELECT 5 AS late").one(Int.self) == 5)
        #expect(try connection.failure(of: "SELECT count(*) FROM pg_temp.later")?.sqlState.prefix(2) == "42")
        _ = try connection.run(["CREATE TEMP TABLE later (x int)"])
        #expect(try connection.query("SELECT count(*) FROM pg_temp.later").one(Int.self) == 0)
    }

    @Test("A plan that no longer fits the schema is .retry, and the next attempt succeeds")
    func stalePlan() throws {
        let connection = try TestCluster.connect()
        _ = try connection.run(["CREATE TEMP TABLE grown (x int)", "INSERT INTO grown VALUES (1)"])
        #expect(try connection.run(["BEGIN", "SELECT * FROM grown", "COMMIT"])[1].count == 1)
        try connection.script("ALTER TABLE grown ADD y int DEFAULT 2")
        let error = try connection.failure(of: "BEGIN", "SELECT * FROM grown", "COMMIT")
        #expect(error?.kind == .retry && error?.sqlState == "0A000")
        _ = try connection.run(["ROLLBACK"])
        let rows = try connection.run(["BEGIN", "SELECT * FROM grown", "COMMIT"])[1]
        #expect(try rows.decode(as: (Int, Int).self).map { [$0.0, $0.1] } == [[1, 2]])
    }

    @Test("Statements that vanished on the server are .retry as well")
    func vanished() throws {
        let connection = try TestCluster.connect()
        _ = try connection.query("SELECT 11")
        try connection.script("DEALLOCATE ALL")
        #expect(try connection.failure(of: "SELECT 11")?.kind == .retry)
        #expect(try connection.query("SELECT 11").one(Int.self) == 11)
    }
}
