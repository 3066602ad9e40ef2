internal import XinglinKit
internal import XinglinPostgres

/// `imports.begin`: starts the upload of a file, or goes on with it.
struct ImportsBegin: RPCMethod {
    struct Params: Codable, Sendable {
        var kind: String
        var name: String?
        var header: String?
        var sm3: String?
        var again: Bool?
        var fileId: RecordID?
    }
    struct Reply: Codable, Sendable {
        var importId: RecordID
        var nextLine: Int64
        var state: ImportState
        var resumed: Bool
    }

    static let name = "imports.begin"
    static let summary = """
        Begins the import of a CSV file, whose lines the caller then uploads, or which lies in the host's files; the same file \
        begun again by the same account goes on where it stopped.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = Schema.object(
        .required("kind", .code(1...64), "What is imported: a kind of imports.kinds."),
        .optional(
            "name", .text(1...200), "The file's name, for those who look at the list; needed without fileId."),
        .optional(
            "header", .opaque(1...10_000),
            "The file's first line; needed without fileId. Columns stand in any order, by code or by either name."),
        .optional(
            "sm3", .code(64...64),
            "SM3 of the file, 64 hexadecimal digits. By it an upload is resumed, and a file imported before is known."),
        .optional("again", .boolean, "Import a file that was imported before once more."),
        .optional(
            "fileId", .id,
            "A finished file that the caller may read: the host reads and checks it by itself, and imports.get tells of it."
        ))
    static let reply = Schema.object(
        .required("importId", .id, "The import."),
        .required(
            "nextLine", .integer(1...Int64.max), "The number of the first line to upload; that after the header is 1."),
        .required("state", .enumeration(ImportState.allCases.map(\.rawValue)), "open, or further where it is resumed."),
        .required("resumed", .boolean, "Whether the file was begun before."))
    static let faults = [ImportRefusal.fileMalformed, ImportRefusal.done, FileRefusal.state]
    private static let digest = String(repeating: "0123456789abcdef", count: 4)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(
                kind: "decoction.openingStock", name: "opening-stock.csv", header: "饮片代码,批号", sm3: digest, again: true),
            Reply(importId: ImportReply.exampleID, nextLine: 2001, state: .open, resumed: true)
        ),
        minimal: (
            Params(kind: "decoction.openingStock", name: "opening-stock.csv", header: "pieceCode,batchNumber"),
            Reply(importId: ImportReply.exampleID, nextLine: 1, state: .open, resumed: false)
        ))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let access = try ImportAccess(call)
        let kind = try access.kind(params.kind)
        let source = try ImportSource(params, call)
        let columns = try ImportHeader.columns(of: source.header, source.form.delimiter, kind)
        var new = ImportRecord(
            id: call.newID(), site: access.site.id, account: access.principal.accountID, kind: kind.name,
            name: source.name, columns: columns, state: .open, mode: nil, reason: nil, lines: 0, good: 0, faulty: 0,
            applied: 0, leftOut: 0, createdAt: call.now, appliedBy: nil, startedAt: nil, endedAt: nil)
        new.form = source.form
        if let file = source.file {
            (new.file, new.unread, new.fileOffset) = (file.id, file.id, file.offset)
            try call.db.execute(
                FileReferenceStore.hold(file.id, at: call.now), expecting: .rows(1),
                otherwise: FileRefusal.notFound(file.id))
            let worker = try call.hosted.services.readingWorker
            try call.hosted.onCommit { worker.wake() }
        }
        if params.again != true { try Self.refuseRepetition(of: new, source.sm3, call) }
        let isNew = try call.db.execute(ImportStore.begin(new, sm3: source.sm3)) == 1
        let known =
            isNew ? new : try ImportRecord.read(call.db.rows(ImportStore.unfinished(new, sm3: source.sm3))).first
        // Lines of one import are uploaded, or read from one file: not both.
        guard let record = known, record.columns == columns,
            record.state != .open || (record.unread == nil) == (new.unread == nil)
        else { throw HostFault.conflict.fault() }
        call.note("importId", .string(record.id.description))
        call.note("kind", .string(kind.name))
        return Reply(importId: record.id, nextLine: record.nextLine, state: record.state, resumed: !isNew)
    }

    /// Opening stock taken in twice would be twice the stock.
    private static func refuseRepetition(of new: ImportRecord, _ digest: String, _ call: Call) throws {
        let rows = try call.db.rows(ImportStore.applied(kind: new.kind, sm3: digest, site: new.site))
        guard let before = try ImportRecord.read(rows).first else { return }
        throw ImportRefusal.done.fault([
            "importId": .string(before.id.description),
            "endedAt": .string((before.endedAt ?? before.createdAt).description),
        ])
    }
}
