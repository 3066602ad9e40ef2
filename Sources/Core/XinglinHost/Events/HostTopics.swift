internal import XinglinKit

/// What the host itself says has happened. The subject of each is the site.
enum HostTopics {
    struct ModuleChange: Codable, Sendable {
        let module: String
        let site: String
    }
    struct NewSite: Codable, Sendable {
        let site: String
        let kind: Site.Kind
        var parent: String?
    }

    private static let moduleChange = Schema.object(
        .required("module", .code(1...64), "The module's code."),
        .required("site", .code(1...32), "The site's code."))

    static let moduleEnabled = EventTopic(
        "host.moduleEnabled", .init(zh: "机构启用了模块", en: "A module was enabled at a site"),
        access: .roles([.siteAdmin, .auditor]), body: Self.moduleChange,
        example: ModuleChange(module: "decoction", site: "t1"))
    static let moduleDisabled = EventTopic(
        "host.moduleDisabled", .init(zh: "机构停用了模块", en: "A module was disabled at a site"),
        access: .roles([.siteAdmin, .auditor]), body: Self.moduleChange,
        example: ModuleChange(module: "decoction", site: "t1"))
    static let siteCreated = EventTopic(
        "host.siteCreated", .init(zh: "新增了机构", en: "A site was added"),
        access: .roles([.siteAdmin, .auditor]),
        body: .object(
            .required("site", .code(1...32), "The new site's code."),
            .required("kind", .enumeration(Site.Kind.allCases.map(\.rawValue)), "The kind of institution."),
            .optional("parent", .code(1...32), "Code of the site it belongs to.")),
        example: NewSite(site: "t1", kind: .townshipCentre, parent: "county"))

    static let all = [moduleEnabled, moduleDisabled, siteCreated]
}
