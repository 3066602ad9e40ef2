internal import XinglinKit

/// `imports.get`: how an import stands.
struct ImportsGet: RPCMethod {
    static let name = "imports.get"
    static let summary = "Says how an import stands: its counts, and its progress while it is applied."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = ImportParams.schema
    static let reply = ImportReply.schema
    static let examples = Examples<ImportParams, ImportReply>(
        full: (.example, .fullExample), minimal: (.example, .example))

    func handle(_ params: ImportParams, _ call: Call) throws -> ImportReply {
        let (record, _) = try ImportAccess(call).found(params.importId, call)
        return ImportReply(record, try call.hosted.services.directory.snapshot)
    }
}
