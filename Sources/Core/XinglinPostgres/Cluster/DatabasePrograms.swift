internal import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

/// pg_dump and pg_restore on any database that a connection string names: the embedded cluster's or a server elsewhere.
public struct DatabasePrograms: Sendable {
    private let folder: String
    private let target: ConnectionString

    /// - Parameter major: the server's version: its own programs are taken where they are installed, else the newest.
    /// - Throws: `ClusterError` where no PostgreSQL is installed that is new enough.
    public init(_ conninfo: String, major: Int) throws {
        self.target = try ConnectionString(conninfo)
        do {
            self.folder = try ServerProgram.folder(major: major)
        } catch {
            self.folder = try ServerProgram.folder(major: nil)
        }
    }

    /// Writes the whole database, large objects and rights included, as it was in an exported snapshot.
    /// - Parameter file: an open file.
    public func dump(snapshot: String, into file: Int32) throws(ClusterError) {
        // Without --enable-row-security the program refuses rather than leave rows out that its login may not see.
        try self.run(
            "pg_dump", ["--format=custom", "--snapshot=\(snapshot)", "--lock-wait-timeout=60s", "--no-password"],
            output: file)
    }

    /// Restores a dump into the database, whole or not at all.
    /// - Parameter file: an open file.
    public func restore(from file: Int32) throws(ClusterError) {
        try self.run(
            "pg_restore",
            [
                "--exit-on-error", "--single-transaction", "--no-password",
                "--dbname=\(self.target.values["dbname"] ?? "postgres")",
            ], input: file)
    }

    private func run(
        _ name: String, _ arguments: [String], input: Int32? = nil, output: Int32? = nil
    ) throws(ClusterError) {
        let outcome = try ServerProgram.spawn(
            ["\(self.folder)/\(name)"] + arguments, environment: self.target.environment, input: input, output: output)
        guard outcome.status == 0 else { throw ClusterError("\(name) failed: \(Self.reason(outcome.output))") }
    }

    /// The first error. What follows may be a statement or a row, which is not to be shown.
    private static func reason(_ output: String) -> String {
        let lines = output.split(whereSeparator: \.isNewline)
        let line = lines.first { $0.contains("error:") } ?? lines.first ?? "it gave no reason"
        return String(line)
    }
}

extension EmbeddedCluster {
    /// Whether there is a cluster in the data folder, running or not.
    public var isThere: Bool { FileSystem.exists("\(self.dataDirectory)/pg/data/PG_VERSION") }

    /// Stops it and removes its data folder with everything in it: for a scratch cluster, whoever started it.
    public func destroy() throws(ClusterError) {
        try self.removeCluster()
        guard FileSystem.exists(self.dataDirectory) else { return }
        try Self.remove(self.dataDirectory)
    }

    /// Stops it and removes it from the data folder, whose other files stay.
    public func removeCluster() throws(ClusterError) {
        self.endSupervision()
        guard FileSystem.exists("\(self.dataDirectory)/pg") else { return }
        let folder = "\(try FileSystem.canonical(self.dataDirectory))/pg"
        try self.quit("\(folder)/data")
        try Self.remove(folder)
        let sockets = ClusterLayout(folder: folder, user: try SystemUser.current()).sockets
        if FileSystem.exists(sockets) { try Self.remove(sockets) }
    }

    private static func remove(_ path: String) throws(ClusterError) {
        try Interruption.undisturbed { () throws(ClusterError) in
            let outcome = try ServerProgram.spawn(["/bin/rm", "-rf", "--", path])
            guard outcome.status == 0 else { throw ClusterError("cannot remove \(path)") }
        }
    }

    /// Ends the server at once: its files need not be left in order.
    private func quit(_ data: String) throws(ClusterError) {
        let deadline = ContinuousClock.Instant.now + .seconds(60)
        while case .running(let pid, _) = Postmaster.of(data) {
            kill(pid, SIGQUIT)
            guard ContinuousClock.Instant.now < deadline else {
                throw ClusterError("the PostgreSQL of \(data) (process \(pid)) does not stop")
            }
            usleep(50_000)
        }
    }
}
