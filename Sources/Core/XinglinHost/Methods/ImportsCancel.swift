internal import XinglinKit

/// `imports.cancel`: gives an import up.
struct ImportsCancel: RPCMethod {
    static let name = "imports.cancel"
    static let summary = """
        Gives an import up and deletes what was uploaded. Lines that were applied stay; of an all-or-nothing import none is.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = ImportParams.schema
    static let reply = ImportReply.schema
    static let faults = [ImportRefusal.state]
    static let examples = Examples<ImportParams, ImportReply>(
        full: (.example, .fullExample), minimal: (.example, .example))

    func handle(_ params: ImportParams, _ call: Call) throws -> ImportReply {
        let (record, kind) = try ImportAccess(call).found(params.importId, call, locking: true)
        guard !record.state.isOver else { throw ImportRefusal.wrongState(record.state) }
        try call.db.batch(ImportStore.cancel(record.id, at: call.now).map { Statement($0) })
        call.note("importId", .string(record.id.description))
        call.note("kind", .string(kind.name))
        return try ImportReply.current(record.id, call)
    }
}
