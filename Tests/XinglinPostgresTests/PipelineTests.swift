import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("A pipeline")
struct PipelineTests {
    @Test("Results come in the order of the statements, with NULL, text and counts")
    func results() throws {
        let connection = try TestCluster.connect()
        let word: String? = nil
        let rows = try connection.run([
            "CREATE TEMP TABLE item (id int, name text)",
            "INSERT INTO item SELECT n, 'n' || n FROM generate_series(1, 5) n",
            "UPDATE item SET name = \("麻黄 'x' \\") WHERE id <= 2",
            "SELECT id, name, \(word)::text FROM item ORDER BY id",
        ])
        #expect(rows.map(\.affected) == [0, 5, 2, 5])
        let decoded = try rows[3].decode(as: (Int, String, String?).self)
        #expect(decoded.map(\.0) == [1, 2, 3, 4, 5])
        #expect(decoded[0].1 == "麻黄 'x' \\")
        #expect(decoded.allSatisfy { $0.2 == nil })
        #expect(connection.failedItem == nil)
    }

    @Test("After an error nothing later runs, the error is the first one, and the connection serves on")
    func afterError() throws {
        let connection = try TestCluster.connect()
        _ = try connection.run(["CREATE TEMP TABLE kept (id int)"])
        let error = try connection.failure(
            of: "INSERT INTO kept VALUES (1)", "SELECT 1 / \(0)", "INSERT INTO kept VALUES (2)", "SELECT FROM nowhere")
        #expect(error?.sqlState == "22012")
        #expect(connection.failedItem == 1)
        #expect(!connection.isBroken)
        #expect(try connection.query("SELECT FROM kept").isEmpty)
        let again = try connection.run(["SELECT 1", "SELECT 2"])
        #expect(try again.map { try $0.one(Int.self) } == [1, 2])
    }

    @Test("A failed transaction is over after ROLLBACK, on the same connection")
    func rollback() throws {
        let connection = try TestCluster.connect()
        #expect(try connection.failure(of: "BEGIN", "SELECT FROM nowhere")?.sqlState == "42P01")
        #expect(!connection.isIdle)
        #expect(try connection.failure(of: "SELECT 1")?.sqlState == "25P02")
        _ = try connection.run(["ROLLBACK"])
        #expect(connection.isIdle)
        #expect(try connection.query("SELECT 7").one(Int.self) == 7)
    }

    @Test("Thousands of statements with large values and large results do not deadlock", .timeLimit(.minutes(10)))
    func largeBothWays() throws {
        let connection = try TestCluster.connect()
        let text = String(repeating: "长", count: 4000)
        let items = (0..<2000).map { (number: Int) -> SQL in "SELECT \(number)::int, \(text)::text || repeat('y', 4000)"
        }
        let rows = try connection.run(items)
        #expect(rows.count == 2000)
        for (number, row) in rows.enumerated() {
            let (first, second) = try #require(try row.first(as: (Int, String).self))
            #expect(first == number && second.utf8.count == 16_000)
        }
    }

    @Test("U+0000 is refused before anything is sent, rather than cutting the value short")
    func nul() throws {
        let connection = try TestCluster.connect()
        _ = try connection.run(["CREATE TEMP TABLE cut (name text)"])
        let error = try connection.failure(
            of: "INSERT INTO cut VALUES ('first')", "INSERT INTO cut VALUES (\("a\u{0}b"))")
        #expect(error?.sqlState == "22021")
        #expect(connection.failedItem == 1)
        #expect(try connection.query("SELECT FROM cut").isEmpty)
    }

    @Test("The session speaks the agreed formats")
    func session() throws {
        let connection = try TestCluster.connect()
        let row = try connection.query(
            """
            SELECT current_setting('TimeZone'), current_setting('client_encoding'), current_setting('lock_timeout'),
                '2026-11-22T06:30:00Z'::timestamptz, '\\x00ff'::bytea
            """
        ).first(as: (String, String, String, Timestamp, SQLBytes).self)
        let values = try #require(row)
        #expect(values.0 == "Asia/Shanghai" && values.1 == "UTF8" && values.2 == "2s")
        #expect(values.3.description == "2026-11-22T14:30:00+08:00")
        #expect(values.4.bytes == [0, 255])
        #expect(connection.serverVersion >= 150_000 && connection.backendPID > 0)
    }

    @Test("A script runs many statements and reports its failure; notices go where they are sent")
    func script() throws {
        let notices = Mailbox<String>()
        let connection = try Connection(TestCluster.conninfo(), applicationName: "test", onNotice: { notices.put($0) })
        try connection.script("CREATE TEMP TABLE a (x int); INSERT INTO a VALUES (1); DROP TABLE IF EXISTS nowhere")
        #expect(notices.take()?.contains("nowhere") == true)
        #expect(throws: DatabaseError.self) { try connection.script("INSERT INTO a VALUES (2); SELECT FROM nowhere") }
        #expect(try connection.query("SELECT FROM a").count == 1)
    }

    @Test("A URL works as well as key=value, and absent time-outs are added")
    func connectionStrings() throws {
        var url = try ConnectionString("postgresql://nurse@db.example/xinglin?connect_timeout=9")
        url.addDefaults(applicationName: "test")
        #expect(url.values["connect_timeout"] == "9" && url.values["keepalives_idle"] == "30")
        #expect(url.values["host"] == "db.example" && url.values["application_name"] == "test")
        let error = #expect(throws: DatabaseError.self) { try ConnectionString("password=secret nonsense") }
        #expect(error?.message.contains("secret") == false)
        let refused = #expect(throws: DatabaseError.self) {
            try Connection("host=/nowhere dbname=x", applicationName: "test")
        }
        #expect(refused?.kind == .unavailable)
    }
}
