internal import Glibc

/// Splits a stream of bytes into lines. Lines that nobody has asked for stay unread in it.
struct LineFramer {
    enum Event: Equatable {
        /// A line without its line break, never blank.
        case line([UInt8])
        /// A line is longer than the limit; nothing sensible can follow.
        case oversize
    }

    /// The most bytes that a line may have, its line break not counted.
    var limit: Int
    private var bytes: [UInt8] = []
    /// Where the line begins that comes next.
    private var start = 0
    /// Up to where there is known to be no line break.
    private var scanned = 0
    /// How many line breaks have been found: the ordinal of the line that is being received.
    private(set) var ordinal: UInt64 = 0

    /// - Parameter limit: the most bytes that a line may have, its line break not counted.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether `next` has been asked since the last bytes came and had no more to give.
    var isExhausted: Bool { self.scanned == self.bytes.count }

    /// The ordinal of the line of which something is here and that has not been taken.
    var partialLine: UInt64? { self.start < self.bytes.count ? self.ordinal : nil }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        self.reclaim()
        self.bytes.append(contentsOf: chunk)
    }

    /// The next line, or nil until more bytes come.
    mutating func next() -> Event? {
        while let end = self.lineBreak() {
            let line = self.bytes[self.start..<end]
            guard line.count <= self.limit else { return .oversize }
            self.start = end + 1
            self.scanned = end + 1
            self.ordinal += 1
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { return .line(Array(line)) }
        }
        self.scanned = self.bytes.count
        return self.bytes.count - self.start > self.limit ? .oversize : nil
    }

    private func lineBreak() -> Int? {
        self.bytes.withUnsafeBytes { bytes in
            guard self.scanned < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + self.scanned, 0x0A, bytes.count - self.scanned)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Drops what has been read; an idle connection must not keep the room that one long line took.
    private mutating func reclaim() {
        guard self.start > 0 else { return }
        if self.start == self.bytes.count {
            self.bytes.removeAll(keepingCapacity: self.bytes.capacity <= 16_384)
        } else if self.start >= self.bytes.count / 2 {
            self.bytes.removeFirst(self.start)
        } else {
            return
        }
        self.scanned -= self.start
        self.start = 0
    }
}
