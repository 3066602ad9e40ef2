internal import XinglinKit

/// An import as the methods show it.
struct ImportReply: Codable, Sendable {
    var importId: RecordID
    var kind: String
    var name: String
    var account: String
    var state: ImportState
    var mode: ImportMode?
    var reason: String?
    var lines: Int64
    var good: Int64
    var faulty: Int64
    var blank: Int64
    var applied: Int64
    var leftOut: Int64
    var nextLine: Int64
    var createdAt: Timestamp
    var appliedBy: String?
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    var fileId: RecordID?
    var encoding: TextEncoding?
    var delimiter: FieldDelimiter

    static let schema = Schema.object(
        .required("importId", .id, "The import."),
        .required("kind", .code(1...64), "What is imported."),
        .required("name", .text(1...200), "The file's name."),
        .required("account", .opaque(0...64), "Who uploads it."),
        .required("state", .enumeration(ImportState.allCases.map(\.rawValue)), Self.states),
        .optional("mode", .enumeration(ImportMode.allCases.map(\.rawValue)), "How it is or was applied."),
        .optional(
            "reason", .opaque(1...100),
            "Why it was refused, or its file could not be read (cancelled): a reason of docs/errors.md."),
        .required("lines", .integer(0...Int64.max), "Lines uploaded."),
        .required("good", .integer(0...Int64.max), "Of these, lines without fault."),
        .required("faulty", .integer(0...Int64.max), "Of these, lines with faults."),
        .required("blank", .integer(0...Int64.max), "Of these, empty lines, which are passed over."),
        .required(
            "applied", .integer(0...Int64.max),
            "Lines applied so far; in the mode allOrNothing they stand only once the state is applied."),
        .required(
            "leftOut", .integer(0...Int64.max), "Good lines that could not be applied after all; see imports.faults."),
        .required(
            "nextLine", .integer(1...Int64.max),
            "The number of the next line to upload; the line after the header is 1."),
        .required("createdAt", .timestamp, "When it was begun."),
        .optional("appliedBy", .opaque(0...64), "Who had it applied."),
        .optional("startedAt", .timestamp, "When applying began."),
        .optional("endedAt", .timestamp, "When it was applied, refused or cancelled."),
        .optional("fileId", .id, "The file that it was begun with; the host reads and checks it by itself."),
        .optional(
            "encoding", .enumeration(TextEncoding.allCases.map(\.rawValue)),
            "How the file is written, as its first lines tell; absent while nothing but ASCII was seen."),
        .required(
            "delimiter", .enumeration(FieldDelimiter.allCases.map(\.rawValue)), "What parts the fields of a line."))

    private static let states = """
        open (being uploaded), checked (all uploaded), applying, applied, refused (it may be applied again) or cancelled.
        """

    init(_ record: ImportRecord, _ directory: DirectorySnapshot) {
        func name(_ account: RecordID) -> String { directory.accounts[account]?.principal.account ?? "" }
        self.importId = record.id
        self.kind = record.kind
        self.name = record.name
        self.account = name(record.account)
        self.state = record.state
        self.mode = record.mode
        self.reason = record.reason
        self.lines = record.lines
        self.good = record.good
        self.faulty = record.faulty
        self.blank = record.lines - record.good - record.faulty
        self.applied = record.applied
        self.leftOut = record.leftOut
        self.nextLine = record.nextLine
        self.createdAt = record.createdAt
        self.appliedBy = record.appliedBy.map(name)
        self.startedAt = record.startedAt
        self.endedAt = record.endedAt
        self.fileId = record.file
        self.encoding = record.form.encoding
        self.delimiter = record.form.delimiter
    }

    /// The import as it stands now.
    static func current(_ id: RecordID, _ call: Call) throws -> ImportReply {
        let rows = try call.db.rows(ImportStore.get(id, site: call.site.id))
        guard let record = try ImportRecord.read(rows).first else { throw HostFault.notFound.fault() }
        return ImportReply(record, try call.hosted.services.directory.snapshot)
    }

    static var example: ImportReply {
        ImportReply(
            ImportRecord(
                id: exampleID, site: exampleID, account: exampleID, kind: "decoction.openingStock",
                name: "opening-stock.csv", columns: [], state: .applying, mode: .goodLines, reason: nil, lines: 400,
                good: 398, faulty: 1, applied: 100, leftOut: 0, createdAt: exampleTime, appliedBy: exampleID,
                startedAt: exampleTime, endedAt: nil), DirectorySnapshot())
    }

    static var fullExample: ImportReply {
        var example = Self.example
        example.state = .refused
        example.reason = "host.forbidden"
        example.endedAt = exampleTime
        example.fileId = exampleID
        example.encoding = .gb18030
        example.delimiter = .tab
        return example
    }

    static let exampleID = RecordID(high: 0x0198_F3A2_7C3E_7000, low: 0x8000_0000_0000_0001)
    static let exampleTime = Timestamp(microseconds: 1_795_000_000_000_000)
}

/// The params of the methods that name one import.
struct ImportParams: Codable, Sendable {
    var importId: RecordID

    static let schema = Schema.object(.required("importId", .id, "An import of the acting site."))
    static let example = ImportParams(importId: ImportReply.exampleID)
}
