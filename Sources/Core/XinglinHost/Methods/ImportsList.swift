internal import XinglinKit

/// `imports.list`: the imports of a site.
struct ImportsList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var imports: [ImportReply]
        var next: String?
    }

    static let name = "imports.list"
    static let summary =
        "Lists the site's imports of the kinds that the caller may import, the newest first; 30 days are kept."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("imports", .array(ImportReply.schema, 0...500), "The imports."), Schema.pageReply)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(limit: 1, after: ImportReply.exampleID.description),
            Reply(imports: [.fullExample], next: ImportReply.exampleID.description)
        ), minimal: (Params(), Reply(imports: [.example])))
    private static let newest = RecordID(high: .max, low: .max)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let access = try ImportAccess(call)
        let rows = try call.db.rows(
            ImportStore.list(
                site: access.site.id, kinds: access.kinds.map(\.name), before: page.after(0) ?? Self.newest,
                limit: page.limit + 1))
        let (shown, hasMore) = rows.page(limit: page.limit)
        let records = try ImportRecord.read(shown)
        let directory = try call.hosted.services.directory.snapshot
        return Reply(
            imports: records.map { ImportReply($0, directory) },
            next: hasMore ? records.last.map { Page.cursor($0.id.description) } : nil)
    }
}
