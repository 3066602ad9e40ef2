internal import Glibc

/// Reads a whole file.
/// - Throws: `FileError` naming the file and the cause.
func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count == 0 { return bytes }
        guard count > 0 else { throw FileError(path: path, code: errno) }
        bytes.append(contentsOf: buffer[0..<count])
    }
}

/// Writes a file that only its owner may read, whole or not at all.
func writePrivateFile(_ path: String, _ text: String) throws {
    let temporary = path + ".new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(path: temporary, code: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { throw FileError(path: temporary, code: errno) }
        written += count
    }
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw FileError(path: path, code: errno) }
}

/// Makes a folder with that mode unless it is there.
func makeFolder(_ path: String, mode: mode_t) throws {
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FileError(path: path, code: errno) }
}

/// A file that could not be read or written.
public struct FileError: Error, Sendable, CustomStringConvertible {
    let path: String
    let code: Int32
    public var description: String { "\(self.path): \(String(cString: strerror(self.code)))" }
}
