internal import Glibc
internal import XinglinKit

/// A file of exported checkpoints, read line by line.
final class CheckpointFile {
    private let path: String
    private let stream: UnsafeMutablePointer<FILE>

    /// - Throws: `FileError` where it cannot be opened.
    init(_ path: String) throws {
        guard let stream = fopen(path, "re") else { throw FileError(path: path, code: errno) }
        self.path = path
        self.stream = stream
    }

    deinit { fclose(self.stream) }

    /// The checkpoints; a line that is none gives a failure that names it.
    /// - Throws: `StartFailure` where there is not one line.
    func lines() throws -> some Sequence<Result<CheckpointLine, any Error>> {
        var number = 0
        guard var next = try self.line() else { throw self.failure(line: 1) }
        var isAtEnd = false
        return AnyIterator {
            if isAtEnd { return nil }
            number += 1
            let current = next
            return Result {
                if let following = try self.line() { next = following } else { isAtEnd = true }
                guard let line = try CheckpointLine(current) else { throw self.failure(line: number) }
                return line
            }
        }
    }

    private func line() throws -> String? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        errno = 0
        let count = getline(&buffer, &capacity, self.stream)
        guard count >= 0, let buffer else {
            guard errno == 0 else { throw FileError(path: self.path, code: errno) }
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
        return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    private func failure(line: Int) -> StartFailure {
        StartFailure(
            .init(zh: "\(self.path) 第 \(line) 行不是导出的检查点", en: "line \(line) of \(self.path) is no exported checkpoint"),
            remedy: .init(
                zh: "用 xinglin audit checkpoints --export 导出的文件",
                en: "give a file that xinglin audit checkpoints --export wrote"))
    }
}
