import Glibc
import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("Several servers, standbys and servers that hang", .timeLimit(.minutes(10)))
struct SeveralServersTests {
    @Test(
        "With several hosts the one that takes writes is looked for, and a dead one is given up soon; what is given stays"
    )
    func defaults() throws {
        var several = try ConnectionString("host=a,b dbname=x")
        several.addDefaults(applicationName: "test")
        #expect(several.values["target_session_attrs"] == "read-write" && several.values["connect_timeout"] == "3")
        var given = try ConnectionString("postgresql://a:1,b:2/x?target_session_attrs=any&connect_timeout=9")
        given.addDefaults(applicationName: "test")
        #expect(given.values["target_session_attrs"] == "any" && given.values["connect_timeout"] == "9")
        var one = try ConnectionString("host=a dbname=x")
        one.addDefaults(applicationName: "test")
        #expect(one.values["target_session_attrs"] == nil && one.values["connect_timeout"] == "5")
    }

    @Test("Once a server answered it is asked first, whatever its place in the list")
    func lastServer() throws {
        let cluster = try TestCluster.shared()
        let good = try ConnectionString(cluster.superuserConninfo(database: "postgres"))
        let socket = try #require(good.values["host"])
        let port = try #require(good.values["port"])
        let list = "/nowhere,/nowhere/else,\(socket)"
        for ports in [port, "1,2,\(port)"] {
            let conninfo = "host=\(list) port=\(ports) dbname=postgres user=postgres"
            let connection = try Connection(conninfo, applicationName: "test")
            #expect(try connection.query("SELECT 1").one(Int.self) == 1)
            let values = try ConnectionString(conninfo).values
            let reordered = try #require(LastServer(values)).reordered(values)
            #expect(reordered["host"] == "\(socket),/nowhere,/nowhere/else")
            #expect(reordered["port"]?.hasPrefix("\(port),") == true)
            #expect(try Connection(conninfo, applicationName: "test").query("SELECT 1").one(Int.self) == 1)
        }
        #expect(LastServer(["host": "a"]) == nil)
        #expect(LastServer(["host": "a,b,c", "port": "1,2"]) == nil)
        #expect(LastServer(["host": "a,b", "hostaddr": "127.0.0.1,127.0.0.2"]) == nil)
    }

    @Test("A standby takes no calls: they are refused as unavailable until it takes writes")
    func standby() throws {
        try TestCluster.withOwn { cluster, folder in
            let conninfo = cluster.superuserConninfo(database: "postgres")
            let harness = PoolHarness(conninfo, workers: 2)
            defer { harness.pool.stop() }
            #expect(harness.ask("SELECT 'before'") == .ran("before"))
            try cluster.stop()
            let signal = "\(folder)/pg/data/standby.signal"
            let file = open(signal, O_WRONLY | O_CREAT, 0o644)
            try #require(file >= 0)
            close(file)
            try cluster.start()
            let refused = #expect(throws: DatabaseError.self) { try Connection(conninfo, applicationName: "test") }
            #expect(refused?.kind == .unavailable && refused?.sqlState == "25006")
            #expect(harness.ask("SELECT 'x'") == .refused("host.unavailable"))
            for several in [conninfo, "\(conninfo) target_session_attrs=read-write"] {
                guard case .standby = try ServerReach.of(several) else {
                    Issue.record("not seen as a standby")
                    return
                }
            }
            try cluster.stop()
            unlink(signal)
            try cluster.start()
            #expect(eventually { harness.ask("SELECT 'after'") == .ran("after") })
            guard case .takesWrites = try ServerReach.of(conninfo) else {
                Issue.record("not seen as taking writes")
                return
            }
        }
    }

    @Test(
        "Read-only by default is seen by a session that did not set it, and the host's own writes are refused as unavailable"
    )
    func readOnly() throws {
        try TestCluster.withOwn { cluster, _ in
            let conninfo = cluster.superuserConninfo(database: "postgres")
            let connection = try Connection(conninfo, applicationName: "test")
            _ = try connection.query("CREATE TABLE box (id int)")
            #expect(!connection.isReadOnlyByDefault)
            for isOn in [true, false] {
                _ = try Connection(conninfo, applicationName: "test").query(
                    isOn
                        ? "ALTER SYSTEM SET default_transaction_read_only = on"
                        : "ALTER SYSTEM RESET default_transaction_read_only")
                _ = try connection.query("SELECT pg_reload_conf()")
                #expect(
                    try eventually {
                        _ = try connection.query("SELECT 1")
                        return connection.isReadOnlyByDefault == isOn
                    })
                let failure = try connection.failure(of: "INSERT INTO box VALUES (1)")
                #expect(failure?.kind == (isOn ? .unavailable : nil))
                #expect(failure?.sqlState == (isOn ? "25006" : nil))
                #expect(!connection.isBroken)
                let reach = try ServerReach.of(conninfo)
                let expected = if case .readOnly = reach { isOn } else { !isOn }
                #expect(expected)
            }
        }
    }

    @Test("A server that does not answer a script is given up at the set time")
    func hangingScript() throws {
        let connection = try TestCluster.connect()
        connection.giveUpAt = .now + .milliseconds(200)
        let error = #expect(throws: DatabaseError.self) { try connection.script("SELECT 1; SELECT pg_sleep(600)") }
        #expect(error?.kind == .unavailable && connection.isBroken)
        #expect(throws: DatabaseError.self) { try connection.script("SELECT 1") }
    }

    @Test("No two sessions have the same identity, not even with one process id")
    func identity() throws {
        let first = try TestCluster.connect()
        let second = try TestCluster.connect()
        #expect(first.identity != second.identity && first.identity.serverStart == second.identity.serverStart)
        #expect(!first.identity.serverStart.isEmpty && first.identity.backend == first.backendPID)
        try TestCluster.withOwn { cluster, _ in
            let other = try Connection(cluster.superuserConninfo(database: "postgres"), applicationName: "test")
            #expect(other.identity.serverStart != first.identity.serverStart)
        }
    }
}
