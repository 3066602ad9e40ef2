import Glibc
import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("Roles on a server of the operator's own", .timeLimit(.minutes(10)))
struct RolesScriptTests {
    static let file = String(#filePath.split(separator: "Tests").first ?? "") + "deploy/roles.sql"

    @Test("deploy/roles.sql and the embedded cluster make the same roles")
    func sameText() throws {
        let text = try #require(FileSystem.read(Self.file))
        #expect(text.hasSuffix(ClusterRoles.body + "\n"))
    }

    @Test(
        "psql runs the file twice, as superuser or owner; then a plain login migrates and another one serves",
        arguments: [true, false])
    func psql(asSuperuser: Bool) throws {
        let cluster = try TestCluster.shared()
        let prefix = TestCluster.uniqueName("ext")
        let (database, operatorRole) = ("\(prefix)_db", asSuperuser ? "postgres" : "\(prefix)_operator")
        let superuser = try TestCluster.connect()
        if !asSuperuser {
            try superuser.script("CREATE ROLE \(operatorRole) LOGIN CREATEROLE NOSUPERUSER")
        }
        try superuser.script("CREATE DATABASE \(database) OWNER \(operatorRole) TEMPLATE template0 ENCODING 'UTF8'")
        try cluster.allowLogin(of: [operatorRole], database: database, superuser)
        #expect(try self.runFile(cluster, database, operatorRole, prefix, nil).status != 0)
        for modules in ["alpha", "alpha,beta"] {
            let outcome = try self.runFile(cluster, database, operatorRole, prefix, modules)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
        try cluster.allowLogin(of: ["\(prefix)_migrator", "\(prefix)_host"], database: database, superuser)
        let migrator = try Connection(
            cluster.hostConninfo(database: database, user: "\(prefix)_migrator"), applicationName: "test")
        let outcomes = try Migrator(rolePrefix: prefix).migrate(
            migrator, host: MigratorTests.host,
            modules: [MigratorTests.module("alpha"), MigratorTests.module("beta")])
        for outcome in outcomes {
            guard case .applied = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        let host = try Connection(
            cluster.hostConninfo(database: database, user: "\(prefix)_host"), applicationName: "test")
        try host.script("BEGIN; SET LOCAL ROLE \(prefix)_beta; INSERT INTO beta.move VALUES (1); COMMIT")
        let flags = try host.query(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolinherit FROM pg_roles WHERE rolname = current_user"
        ).decode(as: (Bool, Bool, Bool, Bool).self)
        #expect(flags.map { [$0.0, $0.1, $0.2, $0.3] } == [[false, false, false, false]])
        #expect(try host.failure(of: "SELECT set_config('role', \("\(prefix)_owner"), false)")?.kind == .privilege)
    }

    private func runFile(
        _ cluster: EmbeddedCluster, _ database: String, _ role: String, _ prefix: String, _ modules: String?
    ) throws -> ServerProgram.Outcome {
        let program = ServerProgram(folder: try ServerProgram.folder(major: nil), user: try SystemUser.current())
        return try program.run(
            "psql",
            [
                "-X", "-q", "-d", cluster.hostConninfo(database: database, user: role), "-v", "prefix=\(prefix)", "-f",
                Self.file,
            ] + (modules.map { ["-v", "modules=\($0)"] } ?? []))
    }

    @Test("A role that has too many rights already, and names that are no names, are refused")
    func refusals() throws {
        let connection = try TestCluster.connect()
        let prefix = TestCluster.uniqueName("bad")
        try connection.script("CREATE ROLE \(prefix)_host LOGIN SUPERUSER")
        for script in [
            ClusterRoles.script(prefix: prefix, modules: ["alpha"], hostLogin: nil),
            ClusterRoles.script(prefix: "x'; DROP", modules: [], hostLogin: nil),
            ClusterRoles.script(prefix: "fine", modules: ["Bad Name"], hostLogin: nil),
            ClusterRoles.script(prefix: "fine", modules: ["owner"], hostLogin: nil),
        ] {
            let error = #expect(throws: DatabaseError.self) { try connection.script(script) }
            #expect(error?.sqlState == "P0001")
        }
    }

    @Test("Another login may serve as the host")
    func hostLogin() throws {
        let connection = try TestCluster.connect()
        let prefix = TestCluster.uniqueName("alt")
        try connection.script("CREATE ROLE \(prefix)_app LOGIN")
        for _ in 0..<2 {
            try connection.script(ClusterRoles.script(prefix: prefix, modules: ["alpha"], hostLogin: "\(prefix)_app"))
        }
        #expect(
            try connection.query("SELECT pg_has_role(\("\(prefix)_app"), \("\(prefix)_alpha"), 'MEMBER')").one(
                Bool.self)
                == true)
    }
}
