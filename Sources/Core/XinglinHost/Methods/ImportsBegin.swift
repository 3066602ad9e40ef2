internal import XinglinKit

/// `imports.begin`: starts the upload of a file, or goes on with it.
struct ImportsBegin: RPCMethod {
    struct Params: Codable, Sendable {
        var kind: String
        var name: String
        var header: String
        var sm3: String?
        var again: Bool?
    }
    struct Reply: Codable, Sendable {
        var importId: RecordID
        var nextLine: Int64
        var state: ImportState
        var resumed: Bool
    }

    static let name = "imports.begin"
    static let summary = """
        Begins the upload of a CSV file; the same file begun again by the same account goes on where it stopped.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = Schema.object(
        .required("kind", .code(1...64), "What is imported: a kind of imports.kinds."),
        .required("name", .text(1...200), "The file's name, for those who look at the list."),
        .required(
            "header", .opaque(1...10_000),
            "The file's first line. Columns stand in any order, by code or by either name."),
        .optional(
            "sm3", .code(64...64),
            "SM3 of the file, 64 hexadecimal digits. By it an upload is resumed, and a file imported before is known."),
        .optional("again", .boolean, "Import a file that was imported before once more."))
    static let reply = Schema.object(
        .required("importId", .id, "The import."),
        .required(
            "nextLine", .integer(1...Int64.max), "The number of the first line to upload; that after the header is 1."),
        .required("state", .enumeration(ImportState.allCases.map(\.rawValue)), "open, or further where it is resumed."),
        .required("resumed", .boolean, "Whether the file was begun before."))
    static let faults = [ImportRefusal.fileMalformed, ImportRefusal.done]
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
        let columns = try ImportHeader.columns(of: params.header, kind)
        let digest = (params.sm3 ?? "").lowercased()
        guard digest.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            throw Fault.invalid("/sm3", expected: "64 hexadecimal digits", zh: "64 位十六进制数字")
        }
        let new = ImportRecord(
            id: call.newID(), site: access.site.id, account: access.principal.accountID, kind: kind.name,
            name: params.name, columns: columns, state: .open, mode: nil, reason: nil, lines: 0, good: 0, faulty: 0,
            applied: 0, leftOut: 0, createdAt: call.now, appliedBy: nil, startedAt: nil, endedAt: nil)
        if params.again != true { try Self.refuseRepetition(of: new, digest, call) }
        let isNew = try call.db.execute(ImportStore.begin(new, sm3: digest)) == 1
        let known = isNew ? new : try ImportRecord.read(call.db.rows(ImportStore.unfinished(new, sm3: digest))).first
        guard let record = known, record.columns == columns else { throw HostFault.conflict.fault() }
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
