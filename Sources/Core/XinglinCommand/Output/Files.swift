internal import Glibc

/// Why a file could not be read or written.
struct FileFailure: Error, CustomStringConvertible {
    let path: String
    let reason: String

    init(_ path: String) {
        self.path = path
        self.reason = String(cString: strerror(errno))
    }

    var description: String { "\(self.path): \(self.reason)" }
}

/// Whole files, read and written through the system's calls.
enum Files {
    static let standardInput: Int32 = 0

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func read(_ path: String) throws(FileFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(path) }
        defer { close(descriptor) }
        return try self.readAll(descriptor, name: path)
    }

    /// Everything up to the end of input.
    static func readAll(_ descriptor: Int32, name: String) throws(FileFailure) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure(name) }
            if count == 0 { return content }
            content.append(contentsOf: buffer[0..<count])
        }
    }

    static func writeAll(_ content: [UInt8], to descriptor: Int32, name: String) throws(FileFailure) {
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(name) }
            written += count
        }
    }

    /// Writes a file for the owner's eyes alone, whole or not at all.
    static func writePrivate(_ content: [UInt8], to path: String) throws(FileFailure) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(temporary) }
        defer { close(descriptor) }
        do throws(FileFailure) {
            try self.writeAll(content, to: descriptor, name: temporary)
            guard rename(temporary, path) == 0 else { throw FileFailure(path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Makes a folder and those above it, for the owner alone.
    static func makePrivateFolder(_ path: String) throws(FileFailure) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw FileFailure(path)
        }
        try self.makePrivateFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileFailure(path) }
    }

    static func move(_ path: String, to target: String) throws(FileFailure) {
        guard rename(path, target) == 0 else { throw FileFailure(target) }
    }

    static func remove(_ path: String) throws(FileFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileFailure(path) }
    }

    /// The path from the root on.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(self.workingDirectory)/\(path)"
    }

    static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }
}
