internal import XinglinKit

/// `exports.get`: how an export stands.
struct ExportsGet: RPCMethod {
    struct Params: Codable, Sendable { var exportId: RecordID }

    static let name = "exports.get"
    static let summary = "Says how an export stands, and gives its file once it is done."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object(.required("exportId", .id, "An export of the acting site."))
    static let reply = ExportReply.schema
    static let examples = Examples<Params, ExportReply>(
        full: (Params(exportId: FileReply.exampleID), .fullExample),
        minimal: (Params(exportId: FileReply.exampleID), .example))

    func handle(_ params: Params, _ call: Call) throws -> ExportReply {
        ExportReply(
            try ExportAccess(call).found(params.exportId, call), try call.hosted.services.directory.snapshot)
    }
}
