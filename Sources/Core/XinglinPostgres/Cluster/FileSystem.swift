#if canImport(Glibc)
    internal import Glibc
#endif

/// The few operations on files that the cluster needs, with owner and mode set from the first byte.
enum FileSystem {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return self.readAll(file)
    }

    /// Everything up to the end of input.
    static func readAll(_ file: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Puts the text in the file's place in one step, where it differs.
    /// - Returns: whether it did.
    @discardableResult
    static func replace(_ path: String, with text: String, owner: SystemUser) throws(ClusterError) -> Bool {
        guard Self.read(path) != text else { return false }
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Self.failure("write", draft) }
        let bytes = Array(text.utf8)
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let isOwned = geteuid() != 0 || fchown(file, owner.uid, owner.gid) == 0
        close(file)
        guard isWritten, isOwned, rename(draft, path) == 0 else { throw Self.failure("write", path) }
        return true
    }

    /// Makes the folder where it is absent. An existing one is left as it is.
    static func makeFolder(_ path: String, mode: mode_t, owner: SystemUser) throws(ClusterError) {
        if mkdir(path, mode) == 0 {
            guard chmod(path, mode) == 0, geteuid() != 0 || lchown(path, owner.uid, owner.gid) == 0 else {
                throw Self.failure("set up", path)
            }
        } else if errno != EEXIST {
            throw Self.failure("make", path)
        }
    }

    /// Makes every folder on the way.
    static func makeFolders(_ path: String, mode: mode_t, owner: SystemUser) throws(ClusterError) {
        var folder = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            folder += "/\(part)"
            if !Self.exists(folder) { try Self.makeFolder(folder, mode: mode, owner: owner) }
        }
    }

    /// The path without links and dots.
    static func canonical(_ path: String) throws(ClusterError) -> String {
        guard let real = realpath(path, nil) else { throw Self.failure("find", path) }
        defer { free(real) }
        return String(cString: real)
    }

    /// Whether the path is a folder, not a link, that belongs to the user alone.
    static func isPrivateFolder(_ path: String, of user: SystemUser) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == user.uid && status.st_mode & 0o077 == 0
    }

    static func failure(_ verb: String, _ path: String) -> ClusterError {
        ClusterError("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}

extension FileSystem {
    /// Lets others pass through the folder, without letting them list it.
    static func openForPassing(_ path: String) throws(ClusterError) {
        var status = stat()
        guard stat(path, &status) == 0, chmod(path, status.st_mode & 0o7777 | 0o011) == 0 else {
            throw Self.failure("open", path)
        }
    }
}
