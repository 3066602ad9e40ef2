internal import Glibc
internal import XinglinHost
internal import XinglinKit

/// A CSV file to import, looked through before it is uploaded: what is wrong with it as a whole is said at once.
struct ImportFile {
    /// What the first reading found.
    struct Survey {
        /// Lines without the header.
        let lines: Int
    }

    let path: String
    /// The language of what is wrong with it.
    let locale: Locale

    var name: String { String(self.path.split(separator: "/").last ?? "") }

    /// The most that one line may have.
    private static let lineBytes = 500_000

    /// - Throws: `Failure` where it is no regular file, no text of lines or empty. Its encoding is judged by the host.
    func survey() throws -> Survey {
        var header: [UInt8]?
        var lines = -1
        _ = try LocalFile.reading(self.path)
        let reader = try RecordReader(self.path)
        while let record = try self.next(reader) {
            if header == nil { header = record }
            lines += 1
        }
        guard let header, !header.allSatisfy({ $0 <= 0x20 }) else {
            throw self.failure(zh: "文件是空的", en: "the file is empty")
        }
        return Survey(lines: lines)
    }

    private func next(_ reader: RecordReader) throws -> [UInt8]? {
        guard let record = try reader.next(most: Self.lineBytes) else { return nil }
        if reader.records == 1, let unfit = UnfitFile.of(record) { throw self.failure(zh: unfit.zh, en: unfit.en) }
        if record.count > Self.lineBytes {
            throw self.failure(
                zh: "第 \(reader.records) 行（含表头）过长，多半是引号没有成对",
                en:
                    "line \(reader.records) of the file (the header is 1) is too long: a quotation mark is probably never closed"
            )
        }
        return record
    }

    private func failure(zh: String, en: String) -> Failure {
        Failure("\(self.name): \(LocalizedText(zh: zh, en: en)[self.locale])", exitCode: ExitStatus.usage)
    }
}

/// Reads a file record by record. The first one, the header, tells what parts the fields.
final class RecordReader {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var position = 0
    private var boundary = CSVBoundary()
    private var hasEnded = false
    /// How many records were given.
    private(set) var records = 0

    init(_ path: String) throws {
        self.path = path
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw FileFailure(path) }
    }

    deinit { close(self.descriptor) }

    /// The next record with its line break; what is longer than `most` ends there.
    func next(most: Int) throws -> [UInt8]? {
        var record: [UInt8] = []
        while true {
            let start = self.position
            while self.position < self.buffer.count {
                let isEnd = self.boundary.take(self.buffer[self.position])
                self.position += 1
                if isEnd {
                    let whole = record + self.buffer[start..<self.position]
                    if self.records == 0 { self.boundary = CSVBoundary(FieldDelimiter.of(whole)) }
                    self.records += 1
                    return whole
                }
            }
            record += self.buffer[start...]
            if record.count > most || (self.hasEnded && !record.isEmpty) {
                self.records += 1
                return record
            }
            if self.hasEnded { return nil }
            try self.fill()
        }
    }

    private func fill() throws {
        var block = [UInt8](repeating: 0, count: 262_144)
        var count = read(self.descriptor, &block, block.count)
        while count < 0, errno == EINTR { count = read(self.descriptor, &block, block.count) }
        guard count >= 0 else { throw FileFailure(self.path) }
        block.removeLast(block.count - count)
        (self.buffer, self.position, self.hasEnded) = (block, 0, count == 0)
    }
}
