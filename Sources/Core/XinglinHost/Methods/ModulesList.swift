internal import XinglinKit

/// `modules.list`: the modules of this host, and where they are enabled.
struct ModulesList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var modules: [Module]
        var next: String?
    }
    struct Module: Codable, Sendable {
        var code: String
        var version: String
        var state: String
        var reason: String?
        var methods: [String]
        var enabledAt: [String]
    }

    static let name = "modules.list"
    static let summary = "Lists the modules of this host, why one is quarantined, and at which sites each is enabled."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "modules",
            .array(
                .object(
                    .required("code", .code(1...64), "The module's code."),
                    .required("version", .opaque(0...40), "Its version; empty where it could not be read."),
                    .required("state", .enumeration(["running", "quarantined"]), "Whether it runs."),
                    .optional("reason", .opaque(1...2000), "Why it is quarantined; shown to administrators."),
                    .required("methods", .array(.opaque(1...200), 0...1000), "Its methods."),
                    .required(
                        "enabledAt", .array(.code(1...32), 0...10_000),
                        "Codes of the caller's sites at which it is enabled.")),
                0...500), "The modules."),
        Schema.pageReply)
    private static let example = Module(
        code: "decoction", version: "0.1.0", state: "running", methods: ["decoction.piece.search"], enabledAt: ["t1"])
    static let examples = Examples<Params, Reply>(
        full: (Params(limit: 1, after: "bureau"), Reply(modules: [example], next: "decoction")),
        minimal: (Params(), Reply(modules: [example])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let services = try call.hosted.services
        let directory = services.directory.snapshot
        let caller = try call.caller
        let mine = Set(directory.sites(of: caller).map(\.id))
        let isAdministrator = caller.grants.contains { $0.role == .siteAdmin }
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let modules = services.registry.sortedModules.filter { module in page.after.map { module.code > $0[0] } ?? true
        }
        let shown = modules.prefix(page.limit)
        return Reply(
            modules: shown.map { module in
                Module(
                    code: module.code, version: module.version,
                    state: module.quarantine == nil ? "running" : "quarantined",
                    reason: isAdministrator ? module.quarantine : nil, methods: module.methodNames,
                    enabledAt: directory.enabledSites(of: module.code).keys.filter { mine.contains($0) }
                        .compactMap { directory.sitesByID[$0]?.code }.sorted())
            },
            next: modules.count > shown.count ? shown.last.map { Page.cursor($0.code) } : nil)
    }
}
