extension EmbeddedCluster {
    /// Whether a postmaster runs on the data folder, this process's or one that an earlier host left behind.
    public var isRunning: Bool {
        guard case .running = Postmaster.of("\(self.dataDirectory)/pg/data") else { return false }
        return true
    }
}
