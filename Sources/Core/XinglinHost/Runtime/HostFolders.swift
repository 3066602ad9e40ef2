/// The folders below `--data`.
struct HostFolders {
    let root: String
    var keys: String { "\(self.root)/keys" }
    var tls: String { "\(self.root)/tls" }
    /// The private key that signs checkpoints, and its public half, which anybody may have.
    var checkpointKey: String { "\(self.keys)/checkpoint.pem" }
    var checkpointPublicKey: String { "\(self.root)/checkpoint-public.pem" }

    init(_ root: String) {
        self.root = root
    }

    /// Makes what is missing. The root can be passed through, because the cluster runs as another user; what is secret in it
    /// is closed by itself.
    /// - Throws: `StartFailure` where the folder is another user's.
    func prepare() throws {
        if let refusal = DataFolderOwner.refusal(self) { throw refusal }
        try makeFolder(self.root, mode: 0o755)
        try makeFolder(self.keys, mode: 0o700)
        try makeFolder(self.tls, mode: 0o755)
    }
}
