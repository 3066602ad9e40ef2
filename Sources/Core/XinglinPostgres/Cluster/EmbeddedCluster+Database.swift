internal import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

extension EmbeddedCluster {
    /// Makes the instance's roles and its database where they are absent, as the superuser. May be run again with more
    /// modules.
    public func ensureDatabase(_ name: String, rolePrefix: String, modules: [String]) throws {
        let server = try Connection(self.superuserConninfo(database: "postgres"), applicationName: "xinglin set-up")
        try server.script("SET lock_timeout = '60s'; SELECT pg_advisory_lock(4852471296141871981)")
        try server.script(
            ClusterRoles.script(prefix: rolePrefix, modules: modules, hostLogin: nil, grantsDatabase: false))
        if try server.query("SELECT FROM pg_database WHERE datname = \(name)").isEmpty {
            let owner = SQLText.identifier("\(rolePrefix)_owner")
            try server.script(
                """
                CREATE DATABASE \(SQLText.identifier(name)) OWNER \(owner) TEMPLATE template0 ENCODING 'UTF8'
                LOCALE 'C.UTF-8'
                """)
        }
        try self.allowLogin(of: ["\(rolePrefix)_host", "\(rolePrefix)_migrator"], database: name, server)
    }

    /// Lets this process log in as the roles. The server re-reads its files a moment after it is told to, so this waits
    /// until a login succeeds.
    func allowLogin(of roles: [String], database: String, _ server: Connection) throws {
        let ready = try self.requireReady()
        guard try self.allow(roles, ready) else { return }
        try server.script("SELECT pg_reload_conf()")
        for role in roles {
            try self.waitForLogin(self.hostConninfo(database: database, user: role))
        }
    }

    private func waitForLogin(_ conninfo: String) throws(DatabaseError) {
        for attempt in 1... {
            do throws(DatabaseError) {
                _ = try Connection(conninfo, applicationName: "xinglin set-up")
                return
            } catch {
                if attempt == 100 { throw error }
                usleep(50_000)
            }
        }
    }
}
