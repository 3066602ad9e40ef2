import Glibc
import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("The embedded cluster", .timeLimit(.minutes(10)))
struct EmbeddedClusterTests {
    private func ping(_ cluster: EmbeddedCluster) throws -> String? {
        try Connection(cluster.superuserConninfo(database: "postgres"), applicationName: "test")
            .query("SELECT current_setting('server_encoding')").one(String.self)
    }

    private func pid(_ folder: String) -> Int32? {
        guard case .running(let pid, _) = Postmaster.of("\(folder)/pg/data") else { return nil }
        return pid
    }

    @Test("It is private, keeps no statements in its log, and is not run by root")
    func settings() throws {
        let cluster = try TestCluster.shared()
        #expect(try self.ping(cluster) == "UTF8")
        let connection = try TestCluster.connect()
        let row = try connection.query(
            """
            SELECT current_setting('listen_addresses'), current_setting('log_min_error_statement'),
                current_setting('log_statement'), current_setting('unix_socket_permissions'), current_user
            """
        ).decode(as: (String, String, String, String, String).self)
        #expect(row.map { [$0.0, $0.1, $0.2, $0.3, $0.4] } == [["", "panic", "none", "0700", "postgres"]])
        #expect(try connection.failure(of: "SELECT \("张三")::text::int") != nil)
        let lines = try connection.query("SELECT pg_read_file(pg_current_logfile())").one(String.self)
        #expect(lines?.contains("张三") == false && lines?.contains("::int") == false)
        var status = stat()
        #expect(stat("\(TestCluster.folder)/pg/data", &status) == 0 && status.st_uid != 0)
    }

    @Test("A host that dies leaves a server that the next one takes over")
    func adoption() throws {
        try TestCluster.withOwn { _, folder in
            let before = try #require(self.pid(folder))
            let next = TestCluster.make(in: folder)
            try next.start()
            #expect(self.pid(folder) == before)
            #expect(try self.ping(next) == "UTF8")
            try next.stop()
            #expect(self.pid(folder) == nil)
            try next.stop()
        }
    }

    @Test("After a kill −9 of the server the next start brings it up, with what was committed")
    func killed() throws {
        try TestCluster.withOwn { cluster, folder in
            let pid = try #require(self.pid(folder))
            let connection = try Connection(cluster.superuserConninfo(database: "postgres"), applicationName: "test")
            try connection.script("SET synchronous_commit = on; CREATE TABLE kept (id int)")
            kill(pid, SIGKILL)
            let next = TestCluster.make(in: folder)
            try next.start()
            #expect(self.pid(folder) != pid)
            let again = try Connection(next.superuserConninfo(database: "postgres"), applicationName: "test")
            #expect(try again.query("SELECT FROM kept").isEmpty)
        }
    }

    @Test("A lock file that names a living process of another kind is not believed")
    func staleFile() throws {
        try TestCluster.withOwn { cluster, folder in
            let file = "\(folder)/pg/data/postmaster.pid"
            let text = try #require(FileSystem.read(file))
            try cluster.stop()
            let user = try #require(try? cluster.requireReady().layout.user)
            let rest = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
            let other = rest.joined(separator: "\n")
            try FileSystem.replace(file, with: "\(getpid())\n\(other)", owner: user)
            #expect(Postmaster.of("\(folder)/pg/data") == .staleFile)
            try cluster.start()
            #expect(try self.ping(cluster) == "UTF8")
        }
    }

    @Test("A path too long for a socket gets a short private folder, the same each time")
    func longPath() throws {
        let folder = "/tmp/\(TestCluster.uniqueName("xinglin-pg-long-\(getpid())"))"
        let deep = "\(folder)/\(String(repeating: "d", count: 90))"
        let cluster = TestCluster.make(in: deep)
        defer { TestCluster.remove(folder) }
        try cluster.start()
        defer { try? cluster.stop() }
        let sockets = try cluster.requireReady().layout.sockets
        #expect(sockets.hasPrefix("/tmp/xinglin-") && sockets.utf8.count < 40)
        #expect(try self.ping(cluster) == "UTF8")
        let next = TestCluster.make(in: deep)
        try next.start()
        #expect(try next.requireReady().layout.sockets == sockets)
        try cluster.stop()
        TestCluster.remove(sockets)
    }

    @Test("A half-made cluster is made anew")
    func halfMade() throws {
        let folder = "/tmp/\(TestCluster.uniqueName("xinglin-pg-half-\(getpid())"))"
        defer { TestCluster.remove(folder) }
        let user = try SystemUser.current()
        try FileSystem.makeFolders("\(folder)", mode: 0o711, owner: user)
        let owner = user.uid == 0 ? try SystemUser.named("postgres") : user
        try FileSystem.makeFolder("\(folder)/pg", mode: 0o700, owner: owner)
        try FileSystem.makeFolder("\(folder)/pg/data.new", mode: 0o700, owner: owner)
        try FileSystem.replace("\(folder)/pg/data.new/PG_VERSION", with: "15\n", owner: owner)
        let cluster = TestCluster.make(in: folder)
        try cluster.start()
        #expect(try self.ping(cluster) == "UTF8")
        try cluster.stop()
    }

    @Test("A folder that PostgreSQL's user cannot pass through is named; the data folder itself is opened for passing")
    func closedFolder() throws {
        guard geteuid() == 0 else { return }
        let outer = "/tmp/\(TestCluster.uniqueName("xinglin-pg-closed-\(getpid())"))"
        defer { TestCluster.remove(outer) }
        let root = try SystemUser.current()
        try FileSystem.makeFolder(outer, mode: 0o700, owner: root)
        let error = #expect(throws: ClusterError.self) { try TestCluster.make(in: "\(outer)/data").start() }
        #expect(error?.reason.contains("\(outer);") == true, "\(String(describing: error))")
        let cluster = TestCluster.make(in: outer)
        try cluster.start()
        #expect(try self.ping(cluster) == "UTF8")
        try cluster.stop()
    }

    @Test("Databases and roles are made once, for several prefixes side by side")
    func databases() throws {
        let cluster = try TestCluster.shared()
        let prefix = TestCluster.uniqueName("ens")
        for modules in [["alpha"], ["alpha"], ["alpha", "beta"]] {
            try cluster.ensureDatabase(prefix, rolePrefix: prefix, modules: modules)
        }
        let host = try Connection(
            cluster.hostConninfo(database: prefix, user: "\(prefix)_host"), applicationName: "test")
        let row = try host.query(
            """
            SELECT pg_has_role(\("\(prefix)_beta"), 'MEMBER'), pg_has_role(\("\(prefix)_owner"), 'MEMBER'),
                (SELECT pg_encoding_to_char(encoding) || datcollate FROM pg_database WHERE datname = \(prefix))
            """
        ).decode(as: (Bool, Bool, String).self)
        #expect(row.map { "\($0.0) \($0.1) \($0.2)" } == ["true false UTF8C.UTF-8"])
    }

    @Test("Without PostgreSQL the package to install is named")
    func missing() {
        let error = #expect(throws: ClusterError.self) { try ServerProgram.folder(major: 99) }
        #expect(error?.reason.contains("postgresql-99") == true)
    }
}
