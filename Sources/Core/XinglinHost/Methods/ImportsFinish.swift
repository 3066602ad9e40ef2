internal import XinglinKit

/// `imports.finish`: the upload is complete.
struct ImportsFinish: RPCMethod {
    struct Params: Codable, Sendable {
        var importId: RecordID
        var lines: Int64
    }

    static let name = "imports.finish"
    static let summary = "Says that a file is uploaded to its end, so that it may be applied."
    static let effect = Effect.write
    static let access = Access.authenticated
    static let lane = Lane.batch
    static let params = Schema.object(
        .required("importId", .id, "An import that the caller began."),
        .required(
            "lines", .integer(0...Int64.max), "How many lines the file has without its header; all must be there."))
    static let reply = ImportReply.schema
    static let faults = [ImportRefusal.outOfOrder, ImportRefusal.state]
    static let examples = Examples<Params, ImportReply>(
        full: (Params(importId: ImportReply.exampleID, lines: 400), .fullExample),
        minimal: (Params(importId: ImportReply.exampleID, lines: 400), .example))

    func handle(_ params: Params, _ call: Call) throws -> ImportReply {
        let access = try ImportAccess(call)
        let (record, _) = try access.found(params.importId, call, locking: true)
        guard record.account == access.principal.accountID else { throw HostFault.forbidden.fault() }
        // The host reads its lines from a file.
        guard record.unread == nil else { throw ImportRefusal.wrongState(record.state) }
        guard record.lines == params.lines else {
            throw ImportRefusal.outOfOrder.fault(["nextLine": .integer(record.nextLine)])
        }
        switch record.state {
        case .checked: break
        case .open: try call.db.batch(ImportStore.checked(record.id).map { Statement($0) })
        case .applying, .applied, .refused, .cancelled: throw ImportRefusal.wrongState(record.state)
        }
        call.note("importId", .string(record.id.description))
        return try ImportReply.current(record.id, call)
    }
}
