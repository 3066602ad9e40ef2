extension EmbeddedCluster {
    /// What there is of a server on the data folder.
    public enum State: Sendable, Equatable {
        case absent
        /// None runs, but a postmaster.pid was left behind that names another process.
        case staleFile
        case running(pid: Int32)
    }

    /// This process's server, or one that an earlier host left behind. Asking changes nothing.
    public var state: State {
        switch Postmaster.of("\(self.dataDirectory)/pg/data") {
        case .absent: .absent
        case .staleFile: .staleFile
        case .running(let pid, _): .running(pid: pid)
        }
    }

    /// Whether a postmaster runs on the data folder, this process's or one that an earlier host left behind.
    public var isRunning: Bool {
        if case .running = self.state { return true }
        return false
    }

    /// How a role connects to a cluster that another process started.
    public func runningConninfo(database: String, user: String) throws(ClusterError) -> String {
        let layout = ClusterLayout(
            folder: "\(try FileSystem.canonical(self.dataDirectory))/pg", user: try SystemUser.current())
        return layout.conninfo(database: database, user: user)
    }

    /// Where the programs of PostgreSQL lie that the cluster is run with.
    public func programFolder() throws(ClusterError) -> String {
        let version = FileSystem.read("\(self.dataDirectory)/pg/data/PG_VERSION").flatMap {
            Int($0.prefix { $0.isNumber })
        }
        return try ServerProgram.folder(major: version)
    }
}

extension ClusterLayout {
    /// How a role connects.
    func conninfo(database: String, user: String) -> String {
        "host=\(self.sockets.conninfoQuoted) port=\(Self.port) "
            + "dbname=\(database.conninfoQuoted) user=\(user.conninfoQuoted)"
    }
}
