/// The folders below `--data`.
struct HostFolders {
    let root: String
    var keys: String { "\(self.root)/keys" }
    var tls: String { "\(self.root)/tls" }

    init(_ root: String) {
        self.root = root
    }

    /// Makes what is missing. The root can be passed through, because the cluster runs as another user; what is secret in it
    /// is closed by itself.
    func prepare() throws {
        try makeFolder(self.root, mode: 0o755)
        try makeFolder(self.keys, mode: 0o700)
        try makeFolder(self.tls, mode: 0o755)
    }
}
