internal import XinglinKit

/// `sites.list`: the institutions, by code.
struct SitesList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var sites: [SiteReply]
        var next: String?
    }

    static let name = "sites.list"
    static let summary = "Lists the institutions of the county in the order of their codes."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("sites", .array(SiteReply.schema, 0...500), "The institutions."), Schema.pageReply)
    static let examples = Examples<Params, Reply>(
        full: (Params(limit: 1, after: "county"), Reply(sites: [.example], next: "t1")),
        minimal: (Params(), Reply(sites: [.example])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let directory = try call.hosted.services.directory.snapshot
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let sites = directory.sitesByCode.values.sorted { $0.code < $1.code }.filter { site in
            page.after.map { site.code > $0[0] } ?? true
        }
        let shown = sites.prefix(page.limit)
        return Reply(
            sites: shown.map { SiteReply($0, directory) },
            next: sites.count > shown.count ? shown.last.map { Page.cursor($0.code) } : nil)
    }
}
