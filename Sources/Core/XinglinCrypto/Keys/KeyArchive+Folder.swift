internal import Glibc

/// Between an archive and the data folder.
extension KeyArchive {
    /// What of the data folder is a secret of its own, or vouched for by one.
    private static let folders = ["keys", "tls"]

    /// The keys and certificates of a data folder.
    /// - Throws: `CryptoError.malformed` where there is no key.
    public init(collecting dataFolder: String) throws {
        guard try KeyRing.exists(directory: "\(dataFolder)/keys") else {
            throw CryptoError.malformed("there are no keys in \(dataFolder)/keys")
        }
        var files: [File] = []
        for folder in Self.folders where SecretFile.exists("\(dataFolder)/\(folder)") {
            for name in try SecretFile.names(in: "\(dataFolder)/\(folder)") {
                let path = "\(dataFolder)/\(folder)/\(name)"
                var status = stat()
                guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                files.append(
                    File(
                        path: "\(folder)/\(name)", mode: UInt32(status.st_mode & 0o777),
                        content: try SecretFile.read(path, secret: false)))
            }
        }
        self.init(files: files)
    }

    /// Writes the archive, whole and synced or not at all. A file that is there is never overwritten.
    public func write(to path: String, passphrase: String) throws {
        try SecretFile.write(try self.sealed(passphrase), to: path, mode: 0o600, isNew: true)
    }

    /// Puts every file in its place. None is overwritten; one that is there with the same content is passed over.
    /// - Returns: the paths that were written.
    /// - Throws: `CryptoError.malformed` where a file of that name is another one; nothing was written then.
    public func place(in dataFolder: String) throws -> [String] {
        let missing = try self.files.filter { file in
            let path = "\(dataFolder)/\(file.path)"
            guard SecretFile.exists(path) else { return true }
            guard try SecretFile.read(path, secret: false) == file.content else {
                throw CryptoError.malformed("\(path) is there already, and is not the one of the archive")
            }
            return false
        }
        for file in missing {
            let path = "\(dataFolder)/\(file.path)"
            let folder = file.path.prefix { $0 != "/" }
            try SecretFile.makeFolder("\(dataFolder)/\(folder)", mode: folder == "keys" ? 0o700 : 0o755)
            try SecretFile.write(file.content, to: path, mode: mode_t(file.mode), isNew: true)
        }
        return missing.map(\.path)
    }
}
