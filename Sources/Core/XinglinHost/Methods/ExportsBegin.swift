internal import XinglinKit
internal import XinglinPostgres
internal import XinglinRPC

/// `exports.begin`: has a file made of a module's records.
struct ExportsBegin: RPCMethod {
    struct Params: Codable, Sendable {
        var kind: String
        var params: JSONValue?
    }

    static let name = "exports.begin"
    static let summary = """
        Has a CSV file made of the site's records, read as the caller. It goes on beside the calls: exports.get tells of it and \
        gives the file.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = Schema.object(
        .required("kind", .code(1...64), "What is exported: a kind of exports.kinds."),
        .optional("params", .any, "The kind's own params, an object; exports.kinds names them."))
    static let reply = ExportReply.schema
    static let examples = Examples<Params, ExportReply>(
        full: (Params(kind: "decoction.stock", params: .object([:])), .fullExample),
        minimal: (Params(kind: "decoction.stock"), .example))

    func handle(_ params: Params, _ call: Call) throws -> ExportReply {
        let access = try ExportAccess(call)
        let kind = try access.kind(params.kind)
        let asked = params.params ?? .object([:])
        let violations = kind.params.violations(in: asked).map {
            Schema.Violation(pointer: "/params" + $0.pointer, expected: $0.expected, expectedZh: $0.expectedZh)
        }
        guard violations.isEmpty else { throw HostFault.invalidParams.fault(.array(violations.map(\.json))) }
        let record = ExportRecord(
            id: call.newID(), site: access.site.id, account: access.principal.accountID, kind: kind.name,
            params: asked.canonicalText, locale: call.locale, state: .running, reason: nil, lines: 0, file: nil,
            createdAt: call.now, endedAt: nil)
        try call.db.execute(ExportStore.begin(record), expecting: .rows(1))
        call.note("exportId", .string(record.id.description))
        call.note("kind", .string(kind.name))
        if let basis = kind.basis { call.note("basis", .string(basis)) }
        let worker = try call.hosted.services.exportWorker
        try call.hosted.onCommit { worker.wake() }
        return ExportReply(record, try call.hosted.services.directory.snapshot)
    }
}

/// An export as the methods show it.
struct ExportReply: Codable, Sendable {
    var exportId: RecordID
    var kind: String
    var account: String
    var state: ExportState
    var reason: String?
    var lines: Int64
    var fileId: RecordID?
    var createdAt: Timestamp
    var endedAt: Timestamp?

    static let schema = Schema.object(
        .required("exportId", .id, "The export."),
        .required("kind", .code(1...64), "What is exported."),
        .required("account", .opaque(0...64), "Who asked for it."),
        .required("state", .enumeration(ExportState.allCases.map(\.rawValue)), "running, done or refused."),
        .optional("reason", .opaque(1...100), "Why it was refused: a reason of docs/errors.md."),
        .required("lines", .integer(0...Int64.max), "Lines written so far, without the header."),
        .optional("fileId", .id, "The file, once the export is done; absent again when the file was deleted."),
        .required("createdAt", .timestamp, "When it was asked for."),
        .optional("endedAt", .timestamp, "When it was done or refused."))

    init(_ record: ExportRecord, _ directory: DirectorySnapshot) {
        self.exportId = record.id
        self.kind = record.kind
        self.account = directory.accounts[record.account]?.principal.account ?? ""
        self.state = record.state
        self.reason = record.reason
        self.lines = record.lines
        self.fileId = record.state == .done ? record.file : nil
        self.createdAt = record.createdAt
        self.endedAt = record.endedAt
    }

    static var example: ExportReply {
        ExportReply(
            ExportRecord(
                id: FileReply.exampleID, site: FileReply.exampleID, account: FileReply.exampleID,
                kind: "decoction.stock", params: "{}", locale: .zh, state: .running, reason: nil, lines: 0, file: nil,
                createdAt: FileReply.exampleTime, endedAt: nil), DirectorySnapshot())
    }

    static var fullExample: ExportReply {
        var example = Self.example
        example.state = .done
        example.lines = 398
        example.fileId = FileReply.exampleID
        example.endedAt = FileReply.exampleTime
        return example
    }
}
