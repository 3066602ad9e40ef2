internal import XinglinKit

/// `exports.list`: the exports of a site.
struct ExportsList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var exports: [ExportReply]
        var next: String?
    }

    static let name = "exports.list"
    static let summary =
        "Lists the site's exports of the kinds that the caller may export, the newest first; 30 days are kept."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("exports", .array(ExportReply.schema, 0...500), "The exports."), Schema.pageReply)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(limit: 1, after: FileReply.exampleID.description),
            Reply(exports: [.fullExample], next: FileReply.exampleID.description)
        ), minimal: (Params(), Reply(exports: [.example])))
    private static let newest = RecordID(high: .max, low: .max)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let access = try ExportAccess(call)
        let rows = try call.db.rows(
            ExportStore.list(
                site: access.site.id, kinds: access.kinds.map(\.name), before: page.after(0) ?? Self.newest,
                limit: page.limit + 1))
        let (shown, hasMore) = rows.page(limit: page.limit)
        let records = try ExportRecord.read(shown)
        let directory = try call.hosted.services.directory.snapshot
        return Reply(
            exports: records.map { ExportReply($0, directory) },
            next: hasMore ? records.last.map { Page.cursor($0.id.description) } : nil)
    }
}
