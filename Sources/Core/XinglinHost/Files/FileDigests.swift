internal import Synchronization
internal import XinglinCrypto
internal import XinglinKit

/// How far the digest of a complete upload has been taken: a `files.finish` that ran out of time is gone on with by the next one.
final class FileDigests: Sendable {
    /// A digest on its way through a file.
    final class Progress: @unchecked Sendable {
        // SAFETY: it is in the box or with the one call that took it out, which holds the file's row locked; never with two.
        let digest: SM3Stream
        var offset: Int64 = 0

        init() throws { self.digest = try SM3Stream() }
    }

    private let kept = Mutex<[RecordID: Progress]>([:])
    private static let most = 64

    /// Takes out what there is for a file, or a new one.
    func take(_ id: RecordID) throws -> Progress {
        try self.kept.withLock { $0.removeValue(forKey: id) } ?? Progress()
    }

    /// Keeps it for the next call.
    func keep(_ progress: Progress, for id: RecordID) {
        self.kept.withLock { kept in
            if kept.count >= Self.most, let other = kept.keys.first { kept[other] = nil }
            kept[id] = progress
        }
    }
}
