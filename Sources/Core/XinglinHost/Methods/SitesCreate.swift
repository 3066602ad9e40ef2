internal import XinglinKit

/// `sites.create`: adds an institution.
struct SitesCreate: RPCMethod {
    struct Params: Codable, Sendable {
        var code: String
        var nameZh: String
        var kind: Site.Kind
        var parent: String?
    }
    struct Reply: Codable, Sendable {
        var site: String
    }

    static let name = "sites.create"
    static let summary = "Adds an institution, below a parent or at the top."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        .required("code", .code(1...32), "The site's code, used in _meta.site; it never changes."),
        .required("nameZh", .text(1...100), "The institution's Chinese name."),
        .required("kind", .enumeration(Site.Kind.allCases.map(\.rawValue)), "The kind of institution."),
        .optional(
            "parent", .code(1...32),
            "Code of the site it belongs to; only the administrator of every site may leave it out.")
    )
    static let reply = Schema.object(.required("site", .code(1...32), "The new site's code."))
    static let examples = Examples<Params, Reply>(
        full: (Params(code: "t1", nameZh: "城关镇中心卫生院", kind: .townshipCentre, parent: "county"), Reply(site: "t1")),
        minimal: (Params(code: "county", nameZh: "县卫生健康局", kind: .bureau), Reply(site: "county")))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let administration = try Administration(call)
        let parent = try params.parent.map { try administration.site($0) }
        try administration.require(at: parent?.id, reach: .subtree)
        let id = call.newID()
        try call.db.execute(
            """
            INSERT INTO host.site (site_id, code, name_zh, kind, parent_id, created_at) \
            VALUES (\(id), \(params.code), \(params.nameZh), \(params.kind), \(parent?.id), \(call.now))
            """, expecting: .rows(1))
        try call.hosted.changesDirectory = true
        try call.hosted.publish(
            HostTopics.siteCreated, at: id, subject: id,
            HostTopics.NewSite(site: params.code, kind: params.kind, parent: params.parent))
        call.note("site", .string(params.code))
        return Reply(site: params.code)
    }
}
