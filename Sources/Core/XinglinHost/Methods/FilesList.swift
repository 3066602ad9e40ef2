internal import XinglinKit

/// `files.list`: the caller's files at a site, or all of them for its administrator.
struct FilesList: RPCMethod {
    struct Params: Codable, Sendable {
        var all: Bool?
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var files: [FileReply]
        var next: String?
    }

    static let name = "files.list"
    static let summary = """
        Lists the files that the caller brought to the site, the newest first; administrators of the site may list everybody's, \
        without reading them.
        """
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object(
        [.optional("all", .boolean, "Everybody's files; for administrators of the site.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required("files", .array(FileReply.schema, 0...500), "The files."), Schema.pageReply)
    static let examples = Examples<Params, Reply>(
        full: (
            Params(all: true, limit: 1, after: FileReply.exampleID.description),
            Reply(files: [.fullExample], next: FileReply.exampleID.description)
        ), minimal: (Params(), Reply(files: [.example])))
    private static let newest = RecordID(high: .max, low: .max)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let site = try call.site
        if params.all == true { try Administration(call).require(at: site.id) }
        let account = params.all == true ? nil : try call.caller.accountID
        let rows = try call.db.rows(
            FileStore.list(
                site: site.id, account: account, before: page.after(0) ?? Self.newest, limit: page.limit + 1))
        let (shown, hasMore) = rows.page(limit: page.limit)
        let files = try FileRecord.read(shown)
        let references = try FileReferenceStore.read(call.db.rows(FileReferenceStore.of(files.map(\.id))))
        let byFile = Dictionary(grouping: references, by: \.file)
        let services = try call.hosted.services
        return Reply(
            files: files.map { FileReply($0, references: byFile[$0.id] ?? [], services) },
            next: hasMore ? files.last.map { Page.cursor($0.id.description) } : nil)
    }
}
