internal import XinglinKit

/// A file as the methods show it.
struct FileReply: Codable, Sendable {
    var fileId: RecordID
    var name: String
    var mediaType: String
    var bytes: Int64
    var received: Int64
    var sm3: String?
    var state: FileState
    var site: String
    var account: String?
    var createdAt: Timestamp
    var finishedAt: Timestamp?
    var expiresAt: Timestamp?
    var references: [Reference]

    /// Who holds it.
    struct Reference: Codable, Sendable, Hashable {
        var module: String
        var purpose: String

        static let schema = Schema.object(
            .required("module", .code(1...64), "The module."),
            .required("purpose", .opaque(1...100), "What the file is to it."))
    }

    static let schema = Schema.object(
        .required("fileId", .id, "The file."),
        .required("name", .opaque(1...200), "Its name."),
        .required("mediaType", .opaque(3...100), "Its media type, such as application/pdf."),
        .required("bytes", .integer(0...Int64.max), "Its length."),
        .required("received", .integer(0...Int64.max), "Bytes that are there: the offset to go on at."),
        .optional("sm3", .code(64...64), "SM3 of the whole file; absent while the host still writes it."),
        .required("state", .enumeration(FileState.allCases.map(\.rawValue)), "open while it is uploaded, or finished."),
        .required("site", .code(1...64), "The site it belongs to."),
        .optional("account", .opaque(0...64), "Who brought it, or had it made."),
        .required("createdAt", .timestamp, "When it was begun."),
        .optional("finishedAt", .timestamp, "When it was complete."),
        .optional("expiresAt", .timestamp, "When it goes unless it is used; absent while something references it."),
        .required("references", .array(Reference.schema, 0...10_000), "What holds it: it cannot be deleted then."))

    init(
        _ file: FileRecord, references: [FileReferenceStore.Row], _ services: HostServices
    ) {
        self.init(
            file, references: references, directory: services.directory.snapshot, settings: services.settings.files)
    }

    private init(
        _ file: FileRecord, references: [FileReferenceStore.Row], directory: DirectorySnapshot,
        settings: HostSettings.Files
    ) {
        self.fileId = file.id
        self.name = file.name
        self.mediaType = file.mediaType
        self.bytes = file.bytes
        self.received = file.received
        self.sm3 = file.sm3.isEmpty ? nil : file.sm3
        self.state = file.state
        self.site = directory.sitesByID[file.site]?.code ?? "?"
        self.account = file.account.map { directory.accounts[$0]?.principal.account ?? "" }
        self.createdAt = file.createdAt
        self.finishedAt = file.finishedAt
        let days = file.state == .open ? settings.openDays : settings.unusedDays
        self.expiresAt = references.isEmpty ? file.usedAt.adding(seconds: Int64(days) * 86_400) : nil
        let held = Set(references.map { Reference(module: $0.module, purpose: $0.purpose) })
        self.references = held.sorted { ($0.module, $0.purpose) < ($1.module, $1.purpose) }
    }

    static let exampleID = RecordID(high: 0x0198_F3A2_7C3E_7000, low: 0x8000_0000_0000_0011)
    static let exampleDigest = String(repeating: "0123456789abcdef", count: 4)
    static let exampleTime = Timestamp(microseconds: 1_795_000_000_000_000)

    /// A file that is being uploaded.
    static var example: FileReply {
        var file = FileRecord.made(
            Self.exampleID, site: Self.exampleID, account: Self.exampleID, name: "report.pdf",
            mediaType: "application/pdf", basis: nil, at: Self.exampleTime)
        file.bytes = 1_048_576
        file.received = 524_288
        file.sm3 = Self.exampleDigest
        var reply = FileReply(file, references: [], directory: DirectorySnapshot(), settings: .init())
        reply.site = "t1"
        return reply
    }

    static var fullExample: FileReply {
        var reply = Self.example
        reply.state = .finished
        reply.received = reply.bytes
        reply.finishedAt = Self.exampleTime
        reply.references = [Reference(module: "membership", purpose: "step_document")]
        return reply
    }
}

/// The params of the methods that name one file.
struct FileParams: Codable, Sendable {
    var fileId: RecordID

    static let example = FileParams(fileId: FileReply.exampleID)
}
