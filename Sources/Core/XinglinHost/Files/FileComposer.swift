internal import XinglinCrypto
internal import XinglinKit

/// Writes a file whose length is not known when it is begun: a part at a time, so that it is never in memory as a whole.
final class FileComposer {
    /// Runs statements as the host: in the call's transaction, or each time in one of its own.
    typealias Perform = ((Database) throws -> Void) throws -> Void

    private var file: FileRecord
    private let quota: FileQuota
    private let cipher: FieldCipher
    private let now: () -> Timestamp
    private let perform: Perform
    private let digest: SM3Stream
    private var waiting: [UInt8] = []

    /// Bytes that are written at once.
    private static let partBytes = Int(FileContent.blockBytes) * 2

    /// Begins the file.
    /// - Throws: `host.fileQuota`.
    init(_ services: HostServices, _ file: FileRecord, _ perform: @escaping Perform) throws {
        self.file = file
        self.quota = FileQuota(settings: services.settings.files)
        self.cipher = services.cipher
        self.now = { services.clock.now }
        self.perform = perform
        self.digest = try SM3Stream()
        try perform { database in
            try self.quota.take(0, files: 1, at: file.site, database)
            try database.execute(FileStore.begin(file), expecting: .rows(1))
        }
    }

    func add(_ bytes: [UInt8]) throws {
        try self.digest.add(bytes)
        self.waiting += bytes
        while self.waiting.count >= Self.partBytes {
            try self.write(Array(self.waiting.prefix(Self.partBytes)))
            self.waiting.removeFirst(Self.partBytes)
        }
    }

    /// Ends the file, together with what else is to hold from then on.
    func finish(_ also: (Database, FileRecord) throws -> Void = { _, _ in }) throws -> FileRecord {
        if !self.waiting.isEmpty { try self.write(self.waiting) }
        self.waiting = []
        var file = self.file
        file.sm3 = try self.digest.finish()
        file.state = .finished
        let now = self.now()
        file.finishedAt = now
        try self.perform { database in
            try database.execute(FileStore.finish(file.id, sm3: file.sm3, at: now), expecting: .rows(1))
            try also(database, file)
        }
        return file
    }

    private func write(_ bytes: [UInt8]) throws {
        let size = self.file.bytes + Int64(bytes.count)
        try self.quota.checkSize(size)
        try self.perform { database in
            try self.quota.take(Int64(bytes.count), files: 0, at: self.file.site, database)
            let object: Int64? = try database.first(FileStore.makeObject(self.file.id))
            guard let object else { throw FileRefusal.notFound(self.file.id) }
            try FileContent(id: self.file.id, object: object, cipher: self.cipher)
                .append(bytes, at: self.file.bytes, database)
            try database.execute(FileStore.grown(self.file.id, to: size, at: self.now()), expecting: .rows(1))
        }
        self.file.bytes = size
        self.file.received = size
    }
}

extension FileRecord {
    /// A file that is to be written here.
    static func made(
        _ id: RecordID, site: RecordID, account: RecordID?, name: String, mediaType: String, basis: String?,
        at now: Timestamp
    ) -> FileRecord {
        FileRecord(
            id: id, site: site, account: account, name: name, mediaType: mediaType, bytes: 0, sm3: "", state: .open,
            received: 0, object: nil, basis: basis, createdAt: now, finishedAt: nil, usedAt: now)
    }
}
