internal import Glibc
internal import XinglinCrypto

/// A file of this machine, read and written in pieces.
final class LocalFile {
    let path: String
    private let descriptor: Int32

    private init(_ path: String, _ descriptor: Int32) throws {
        guard descriptor >= 0 else { throw FileFailure(path) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    /// - Throws: `FileFailure`, or `Failure` where it is no regular file.
    static func reading(_ path: String) throws -> LocalFile {
        // A pipe that nobody writes to would hold up the opening for ever.
        let file = try LocalFile(path, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK))
        _ = try file.bytes
        return file
    }

    /// Opens a file to go on writing it, for the owner's eyes alone; makes it where there is none.
    static func writing(_ path: String) throws -> LocalFile {
        try LocalFile(path, open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
    }

    var bytes: Int64 {
        get throws {
            var status = stat()
            guard fstat(self.descriptor, &status) == 0 else { throw FileFailure(self.path) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw Failure(
                    words(zh: "\(self.path) 不是普通文件", en: "\(self.path) is no regular file"),
                    exitCode: ExitStatus.usage)
            }
            return Int64(status.st_size)
        }
    }

    /// The bytes from a place on, at most so many; less at the end.
    func read(at offset: Int64, most: Int) throws -> [UInt8] {
        var block = [UInt8](repeating: 0, count: most)
        var filled = 0
        while filled < most {
            let count = block.withUnsafeMutableBytes {
                pread(self.descriptor, $0.baseAddress.map { $0 + filled }, most - filled, off_t(offset) + filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure(self.path) }
            if count == 0 { break }
            filled += count
        }
        block.removeLast(most - filled)
        return block
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                pwrite(self.descriptor, $0.baseAddress, $0.count, off_t(offset) + written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(self.path) }
            written += count
        }
    }

    /// Cuts it there, and makes sure that it is on the disk.
    func end(at offset: Int64) throws {
        guard ftruncate(self.descriptor, off_t(offset)) == 0, fsync(self.descriptor) == 0 else {
            throw FileFailure(self.path)
        }
    }

    /// SM3 of its first bytes.
    func digest(of bytes: Int64) throws -> String {
        let digest = try SM3Stream()
        var offset: Int64 = 0
        while offset < bytes {
            let block = try self.read(at: offset, most: Int(min(Int64(Transfer.pieceBytes), bytes - offset)))
            if block.isEmpty { break }
            try digest.add(block)
            offset += Int64(block.count)
        }
        return try digest.finish()
    }
}
