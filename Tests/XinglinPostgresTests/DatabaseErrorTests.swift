import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("Errors of the database")
struct DatabaseErrorTests {
    @Test("Constraints are named, and no value of a row is in the message")
    func constraints() throws {
        let connection = try TestCluster.connect()
        _ = try connection.run([
            """
            CREATE TEMP TABLE person (document text CONSTRAINT person_document_taken UNIQUE,
                age int CONSTRAINT person_age_possible CHECK (age < 150))
            """,
            "INSERT INTO person VALUES ('11010119491001', 30)",
        ])
        let number = "11010119491001"
        let taken = try connection.failure(of: "INSERT INTO person VALUES (\(number), 31)")
        #expect(taken?.kind == .constraint && taken?.constraint == "person_document_taken")
        let old = try connection.failure(of: "INSERT INTO person VALUES (\("secret"), 200)")
        #expect(old?.kind == .constraint && old?.constraint == "person_age_possible")
        let malformed = try connection.failure(of: "SELECT \("张三的电话")::text::int")
        #expect(malformed?.kind == .other && malformed?.sqlState == "22P02")
        for error in [taken, old, malformed] {
            let text = "\(error?.message ?? "") \(error.map { "\($0)" } ?? "")"
            #expect(!text.contains("11010119491001") && !text.contains("secret") && !text.contains("张三"))
            #expect(text.contains(error?.sqlState ?? "?"))
        }
    }

    @Test("What a trigger raises is not repeated, for it may quote a row; the host's own reasons are")
    func raised() throws {
        let connection = try TestCluster.connect()
        let raise = { (state: String) in
            "DO $$ BEGIN RAISE EXCEPTION 'decoction.insufficientStock' USING ERRCODE = '\(state)'; END $$"
        }
        let own = #expect(throws: DatabaseError.self) { try connection.script(raise("XG001")) }
        #expect(own?.kind == .other && own?.sqlState == "XG001" && own?.message == "decoction.insufficientStock")
        let other = #expect(throws: DatabaseError.self) { try connection.script(raise("P0001")) }
        #expect(other?.message.contains("insufficientStock") == false)
    }

    @Test("A lock that is not had in time is .lockTimeout", .timeLimit(.minutes(10)))
    func lockTimeout() throws {
        let table = TestCluster.uniqueName("locked")
        let holder = try TestCluster.connect()
        try holder.script("CREATE TABLE \(table) (id int); INSERT INTO \(table) VALUES (1)")
        try holder.script("BEGIN; SELECT FROM \(table) FOR UPDATE")
        let waiter = try TestCluster.connect(lockTimeout: "100ms")
        let error = #expect(throws: DatabaseError.self) { try waiter.script("SELECT FROM \(table) FOR UPDATE") }
        #expect(error?.kind == .lockTimeout)
        try holder.script("ROLLBACK; DROP TABLE \(table)")
    }

    @Test(
        "States map to kinds",
        arguments: [
            ("08006", DatabaseError.Kind.unavailable), ("57P01", .unavailable), ("57P03", .unavailable),
            ("53300", .unavailable), ("25P03", .unavailable), ("40001", .retry), ("40P01", .retry),
            ("55P03", .lockTimeout),
            ("57014", .cancelled), ("23P01", .constraint), ("42501", .privilege), ("42P01", .other), ("53100", .other),
        ])
    func kinds(state: String, kind: DatabaseError.Kind) {
        #expect(DatabaseError.kind(sqlState: state) == kind)
    }

    @Test("A deadlock is .retry for one of the two", .timeLimit(.minutes(10)))
    func deadlock() throws {
        let table = TestCluster.uniqueName("crossed")
        let first = try TestCluster.connect(lockTimeout: "0")
        try first.script("CREATE TABLE \(table) (id int); INSERT INTO \(table) VALUES (1), (2)")
        try first.script("BEGIN; SELECT FROM \(table) WHERE id = 1 FOR UPDATE")
        let outcome = Mailbox<DatabaseError.Kind?>()
        let holds = Mailbox<Int32>()
        let thread = try OSThread(name: "second") {
            do {
                let second = try TestCluster.connect(lockTimeout: "0")
                try second.script("BEGIN; SELECT FROM \(table) WHERE id = 2 FOR UPDATE")
                holds.put(second.backendPID)
                try second.script("SELECT FROM \(table) WHERE id = 1 FOR UPDATE; COMMIT")
                outcome.put(nil)
            } catch {
                outcome.put((error as? DatabaseError)?.kind)
            }
        }
        _ = try #require(holds.take())
        do {
            try first.script("SELECT FROM \(table) WHERE id = 2 FOR UPDATE; COMMIT")
            outcome.put(nil)
        } catch {
            outcome.put(error.kind)
            try first.script("ROLLBACK")
        }
        thread.join()
        #expect(Set([outcome.take() ?? nil, outcome.take() ?? nil]) == [nil, .retry])
        try first.script("DROP TABLE \(table)")
    }

    @Test("A terminated backend is .unavailable, and the connection is broken")
    func terminated() throws {
        let victim = try TestCluster.connect()
        let other = try TestCluster.connect()
        _ = try other.query("SELECT pg_terminate_backend(\(Int(victim.backendPID)), 5000)")
        #expect(!victim.isAlive())
        #expect(try victim.failure(of: "SELECT 1")?.kind == .unavailable)
        #expect(victim.isBroken)
        let mid = try TestCluster.connect()
        let error = try mid.failure(of: "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT pg_sleep(5)")
        #expect(error?.kind == .unavailable && mid.isBroken)
    }
}
