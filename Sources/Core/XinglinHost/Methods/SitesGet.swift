internal import XinglinKit

/// One institution on the wire.
struct SiteReply: Codable, Sendable {
    var site: String
    var nameZh: String
    var kind: Site.Kind
    var parent: String?

    static let schema = Schema.object(
        .required("site", .code(1...32), "The site's code."),
        .required("nameZh", .text(1...100), "The institution's Chinese name."),
        .required("kind", .enumeration(Site.Kind.allCases.map(\.rawValue)), "The kind of institution."),
        .optional("parent", .code(1...32), "Code of the site it belongs to.")
    )
    static let example = SiteReply(site: "t1", nameZh: "城关镇中心卫生院", kind: .townshipCentre, parent: "county")

    init(site: String, nameZh: String, kind: Site.Kind, parent: String?) {
        self.site = site
        self.nameZh = nameZh
        self.kind = kind
        self.parent = parent
    }

    init(_ site: Site, _ directory: DirectorySnapshot) {
        self.init(
            site: site.code, nameZh: site.nameZh, kind: site.kind,
            parent: site.parentID.flatMap { directory.sitesByID[$0]?.code })
    }
}

/// `sites.get`: one institution by its code.
struct SitesGet: RPCMethod {
    struct Params: Codable, Sendable {
        var code: String
    }

    static let name = "sites.get"
    static let summary = "Gives one institution."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object(.required("code", .code(1...32), "The site's code."))
    static let reply = SiteReply.schema
    static let examples = Examples<Params, SiteReply>(
        full: (Params(code: "t1"), .example),
        minimal: (Params(code: "county"), SiteReply(site: "county", nameZh: "县卫生健康局", kind: .bureau, parent: nil)))

    func handle(_ params: Params, _ call: Call) throws -> SiteReply {
        let directory = try call.hosted.services.directory.snapshot
        guard let site = directory.sitesByCode[params.code] else { throw HostFault.siteUnknown.fault() }
        return SiteReply(site, directory)
    }
}
