/// The host's files, as a method uses them: inside the call's transaction, at the acting site.
///
/// A module keeps the id of a file in a row of its own and references the file by that row: from then on the file cannot be
/// deleted, and does not expire, until the reference is released.
public struct CallFiles {
    private let host: any FileHost

    init(_ host: any FileHost) {
        self.host = host
    }

    /// What is known of a finished file of the acting site that the caller, or this module, may read.
    /// - Throws: `host.notFound`.
    public func info(_ file: RecordID) throws -> FileInfo {
        try self.host.info(file)
    }

    /// References a finished file by a record of this module. To do it again for the same record changes the terms.
    /// - Parameters:
    ///   - purpose: the table, or whatever else the module's own ids belong to, such as `step_document`.
    ///   - record: the row.
    ///   - readableBy: a method of this module: who may use it at a site of the reference may read the file there.
    ///   - basis: where the record makes the content personal data, the code under which each read is audited, such as
    ///     `partyArchive`.
    ///   - sites: where it may be read; the acting site unless told.
    /// - Throws: `host.notFound` where there is no such file, it is not finished, or the caller may not read it.
    public func reference(
        _ file: RecordID, by purpose: String, record: RecordID, readableBy: String, basis: String? = nil,
        at sites: [RecordID] = []
    ) throws {
        try self.host.reference(
            FileReference(
                file: file, purpose: purpose, record: record, readableBy: readableBy, basis: basis, sites: sites))
    }

    /// Gives a reference up. A file that nothing references any more can be deleted, and expires some time later.
    public func release(_ file: RecordID, by purpose: String, record: RecordID) throws {
        try self.host.release(file, by: purpose, record: record)
    }

    /// Reads a file from beginning to end, a part of at most 256 KiB at a time; it is never in memory as a whole. Where its
    /// content is personal data the read is audited.
    /// - Throws: `host.notFound`, and what the body throws.
    public func read(_ file: RecordID, _ body: ([UInt8]) throws -> Void) throws {
        try self.host.read(file, body)
    }

    /// Makes a file of the acting site that belongs to the caller. It is there when the call is committed.
    /// - Parameter basis: where its content is personal data, the code under which each read is audited.
    /// - Throws: `host.fileQuota` where the site has no room for it, and what the body throws.
    public func create(
        name: String, mediaType: String, basis: String? = nil, _ body: (FileWriter) throws -> Void
    ) throws -> FileInfo {
        try self.host.create(name: name, mediaType: mediaType, basis: basis, body)
    }
}

extension Call {
    /// The host's files.
    public var files: CallFiles { get throws { CallFiles(try self.context.fileHost) } }
}

/// What is known of a file.
public struct FileInfo: Sendable, Hashable {
    public let id: RecordID
    public let name: String
    public let mediaType: String
    public let bytes: Int64
    /// 64 lowercase hexadecimal digits.
    public let sm3: String
    public let createdAt: Timestamp

    public init(id: RecordID, name: String, mediaType: String, bytes: Int64, sm3: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.mediaType = mediaType
        self.bytes = bytes
        self.sm3 = sm3
        self.createdAt = createdAt
    }
}

/// A reference on its way to the host.
public struct FileReference: Sendable, Hashable {
    public let file: RecordID
    public let purpose: String
    public let record: RecordID
    public let readableBy: String
    public let basis: String?
    /// None is the acting site.
    public let sites: [RecordID]

    public init(
        file: RecordID, purpose: String, record: RecordID, readableBy: String, basis: String?, sites: [RecordID]
    ) {
        self.file = file
        self.purpose = purpose
        self.record = record
        self.readableBy = readableBy
        self.basis = basis
        self.sites = sites
    }
}

/// Takes the content of a file that is being made, from its beginning to its end.
public final class FileWriter {
    private let add: ([UInt8]) throws -> Void

    public init(_ add: @escaping ([UInt8]) throws -> Void) {
        self.add = add
    }

    public func write(_ bytes: [UInt8]) throws {
        try self.add(bytes)
    }

    public func write(_ text: String) throws {
        try self.add(Array(text.utf8))
    }
}

/// The host's side of `CallFiles`.
public protocol FileHost {
    func info(_ file: RecordID) throws -> FileInfo
    func reference(_ reference: FileReference) throws
    func release(_ file: RecordID, by purpose: String, record: RecordID) throws
    func read(_ file: RecordID, _ body: ([UInt8]) throws -> Void) throws
    func create(
        name: String, mediaType: String, basis: String?, _ body: (FileWriter) throws -> Void
    ) throws -> FileInfo
}
