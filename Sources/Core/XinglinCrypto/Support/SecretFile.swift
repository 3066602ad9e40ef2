internal import Glibc

/// Reads and writes the small files that hold keys and certificates.
enum SecretFile {
    /// Everything in a file.
    /// - Throws: `CryptoError.insecure` where `secret` is asked for and others than the owner may touch the file.
    static func read(_ path: String, secret: Bool) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        if secret {
            // The open file is judged, not the name, so that it cannot be swapped in between.
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw failure("examine", path) }
            try self.judge(status.st_mode, path, remedy: "chmod 600")
        }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return content }
            content.append(contentsOf: buffer[0..<count])
            guard content.count <= 1 << 20 else {
                throw CryptoError.malformed("\(path) is too large to be a key or certificate")
            }
        }
    }

    /// When a file was last written, in seconds since 1970.
    static func time(of path: String) throws -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("examine", path) }
        return Int64(status.st_mtim.tv_sec)
    }

    /// Writes a file whole or not at all: a temporary file beside it is synced and renamed.
    /// - Parameter isNew: whether a file of that name must not be there yet; it then belongs to the folder's owner, whoever
    ///   writes it.
    static func write(_ content: [UInt8], to path: String, mode: mode_t, isNew: Bool = false) throws {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        do {
            defer { close(descriptor) }
            // The umask may have taken bits away that others are meant to have (a certificate's).
            guard fchmod(descriptor, mode) == 0 else { throw failure("set permissions of", temporary) }
            if isNew { try self.giveToOwner(of: self.folder(of: path), descriptor, temporary) }
            try self.writeAll(content, descriptor, temporary)
            guard fsync(descriptor) == 0 else { throw failure("sync", temporary) }
            if isNew {
                // Unlike rename, link replaces nothing: a key that is there is never lost.
                guard link(temporary, path) == 0 else { throw failure("write", path) }
                unlink(temporary)
            } else {
                guard rename(temporary, path) == 0 else { throw failure("write", path) }
            }
        } catch {
            unlink(temporary)
            throw error
        }
        try self.syncFolder(of: path)
    }

    /// Makes the folder and those above it where they are missing.
    static func makeFolder(_ path: String, mode: mode_t) throws {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex else {
            throw failure("make the folder", path)
        }
        try self.makeFolder(String(path[..<slash]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
    }

    /// - Throws: `CryptoError.insecure` where others than the owner may look into the folder.
    static func requirePrivateFolder(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("examine", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CryptoError.insecure(path: path, reason: "is not a folder")
        }
        try self.judge(status.st_mode, path, remedy: "chmod 700")
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { throw failure("list", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    private static func judge(_ mode: mode_t, _ path: String, remedy: String) throws {
        guard mode & 0o077 == 0 else {
            throw CryptoError.insecure(
                path: path, reason: "holds secrets and is open to other users; run: \(remedy) \(path)")
        }
    }

    private static func writeAll(_ content: [UInt8], _ descriptor: Int32, _ path: String) throws {
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
    }

    /// Gives a file another name in its folder.
    static func move(_ path: String, to other: String) throws {
        guard rename(path, other) == 0 else { throw failure("rename", path) }
        try self.syncFolder(of: path)
    }

    /// Root writes what another user's process is to read: that user owns the folder.
    private static func giveToOwner(of folder: String, _ descriptor: Int32, _ path: String) throws {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard stat(folder, &status) == 0 else { throw failure("examine", folder) }
        guard fchown(descriptor, status.st_uid, status.st_gid) == 0 else { throw failure("change the owner of", path) }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// A rename survives a power cut only when the folder is synced too.
    private static func syncFolder(of path: String) throws {
        let folder = self.folder(of: path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("sync", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", folder) }
    }

    private static func failure(_ operation: String, _ path: String) -> CryptoError {
        .file(path: path, operation: operation, reason: String(cString: strerror(errno)))
    }
}
