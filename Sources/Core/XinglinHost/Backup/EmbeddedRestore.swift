internal import Logging
internal import XinglinKit
internal import XinglinPostgres

/// A restore into the embedded cluster of a data folder: all of it, or nothing is left of what it made.
struct EmbeddedRestore {
    let settings: HostSettings
    let cluster: EmbeddedCluster
    let log: Logger

    /// Runs the body, which restores into the empty database that a connection string leads to.
    func run(_ body: (String) throws -> Void) throws {
        let isNew = !self.cluster.isThere
        do {
            try self.cluster.start()
            if try !isNew && self.dropUnfinished() {
                self.log.warning(
                    "removed what a restore that was broken off had left",
                    metadata: ["folder": .string(self.settings.dataDirectory)])
            }
            try self.cluster.ensureDatabase(
                DatabaseSetup.databaseName, rolePrefix: self.settings.database.rolePrefix, modules: [])
            try body(self.cluster.superuserConninfo(database: DatabaseSetup.databaseName))
        } catch {
            Interruption.undisturbed { self.takeBack(isNew: isNew) }
            throw error
        }
        do {
            try self.cluster.stop()
        } catch {
            self.log.error("the cluster did not stop", metadata: ["error": .string("\(error)")])
        }
    }

    /// Removes a cluster that this restore made; else a database that it began to fill, and nothing that was there before.
    private func takeBack(isNew: Bool) {
        do {
            if isNew { return try self.cluster.removeCluster() }
            if self.cluster.isRunning { _ = try self.dropUnfinished() }
            try self.cluster.stop()
        } catch {
            // The mark is in the database still: nobody takes it for a whole one.
            self.log.error("a part of the restore was left behind", metadata: ["error": .string("\(error)")])
        }
    }

    /// Drops the database where a restore into it is not finished; everything in it is that restore's.
    private func dropUnfinished() throws -> Bool {
        let server = try Connection(
            self.cluster.superuserConninfo(database: "postgres"), applicationName: "xinglin restore",
            lockTimeout: "60s")
        let name = DatabaseSetup.databaseName
        guard try !server.query("SELECT FROM pg_database WHERE datname = \(name)").isEmpty,
            try RestoreMark.isSet(
                Connection(self.cluster.superuserConninfo(database: name), applicationName: "xinglin restore"))
        else { return false }
        // A program that outlived its restore may be at work on it.
        try server.script("DROP DATABASE \(SQLName(name).text) WITH (FORCE)")
        return true
    }
}
