/// Where an embedded cluster's files lie: `DIR/pg/{data,log,run}`.
struct ClusterLayout: Sendable, Equatable {
    let folder: String
    let user: SystemUser

    var data: String { "\(self.folder)/data" }
    /// Where initdb works, so that a half-made cluster is never taken for a whole one.
    var draft: String { "\(self.folder)/data.new" }
    var log: String { "\(self.folder)/log" }
    static let port = 5432

    /// The folder of the socket. A socket's path is at most 107 bytes long, so a long one moves to a short private
    /// folder whose name follows from the path, to be found again.
    var sockets: String {
        let beside = "\(self.folder)/run"
        guard "\(beside)/.s.PGSQL.\(Self.port)".utf8.count > 107 else { return beside }
        return "/tmp/xinglin-\(Self.digest(beside))"
    }

    /// FNV-1a, 64 bits: the same in every process, unlike `Hasher`.
    private static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        let hex = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - hex.utf8.count) + hex
    }

    /// Makes the folders and sees that the cluster's user can reach them.
    /// - Parameter dataDirectory: DIR, which is the host's own: passing through it may be allowed, reading is not.
    static func prepare(
        _ dataDirectory: String, user: SystemUser, caller: SystemUser
    ) throws(ClusterError) -> ClusterLayout {
        try FileSystem.makeFolders(dataDirectory, mode: 0o711, owner: caller)
        let root = try FileSystem.canonical(dataDirectory)
        if user.firstClosedFolder(to: root) == root { try FileSystem.openForPassing(root) }
        if let closed = user.firstClosedFolder(to: root) {
            throw ClusterError(
                "the user \(user.name), who runs PostgreSQL, cannot pass through \(closed); "
                    + "put the data folder elsewhere or allow it with: chmod o+x \(closed)")
        }
        let layout = ClusterLayout(folder: "\(root)/pg", user: user)
        for folder in [layout.folder, layout.log, layout.sockets] {
            try FileSystem.makeFolder(folder, mode: 0o700, owner: user)
            guard FileSystem.isPrivateFolder(folder, of: user) else {
                throw ClusterError("\(folder) must belong to \(user.name) and be closed to others (chmod 0700)")
            }
        }
        return layout
    }
}
