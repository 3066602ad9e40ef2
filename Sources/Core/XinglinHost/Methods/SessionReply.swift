internal import XinglinKit

/// What `session.login`, `session.resume` and `session.whoami` answer.
struct SessionReply: Codable, Sendable {
    var token: String?
    var account: String
    var roles: [RoleReply]
    var sites: [String]
    var permissions: [String]
    var expiresAt: Timestamp
    var passwordChangeRequired: Bool?

    static let schema = Schema.object(
        .optional(
            "token", .opaque(40...64),
            "Resumes the session on another connection; keep it secret. Absent in session.whoami."),
        .required("account", .code(1...64), "The account's name."),
        .required("roles", .array(RoleReply.schema, 0...1000), "The roles given to the account."),
        .required("sites", .array(.code(1...64), 0...10_000), "Codes of the sites at which the account has a role."),
        .required("permissions", .array(.opaque(1...200), 0...10_000), "Names of the methods it may call somewhere."),
        .required("expiresAt", .timestamp, "When the session ends, used or not."),
        .optional("passwordChangeRequired", .boolean, "true while nothing but session.changePassword is allowed.")
    )

    static let example = SessionReply(
        token: "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", account: "pharmacist.t1",
        roles: [RoleReply(role: .pharmacist, site: "t1", scope: .site)], sites: ["t1"],
        permissions: ["decoction.piece.search"], expiresAt: Timestamp(microseconds: 1_795_000_000_000_000))

    init(
        token: String? = nil, account: String, roles: [RoleReply], sites: [String], permissions: [String],
        expiresAt: Timestamp, passwordChangeRequired: Bool? = nil
    ) {
        self.token = token
        self.account = account
        self.roles = roles
        self.sites = sites
        self.permissions = permissions
        self.expiresAt = expiresAt
        self.passwordChangeRequired = passwordChangeRequired
    }

    /// The reply for an account as the directory has it.
    init(_ account: DirectorySnapshot.Account, token: String?, expiresAt: Timestamp, _ services: HostServices) {
        let directory = services.directory.snapshot
        let principal = account.principal
        let roles = Set(principal.grants.map(\.role))
        self.init(
            token: token, account: principal.account,
            roles: principal.grants.map { RoleReply($0, directory) }.sorted { ($0.site, $0.role) < ($1.site, $1.role) },
            sites: directory.sites(of: principal).map(\.code),
            permissions: services.registry.sortedMethods.filter { $0.isPermitted(to: roles) }.map(\.name),
            expiresAt: expiresAt, passwordChangeRequired: account.mustChangePassword ? true : nil)
    }
}

/// One granted role on the wire.
struct RoleReply: Codable, Sendable {
    var role: Role
    /// The site's code, `*` for every site.
    var site: String
    var scope: Grant.Reach?

    static let schema = Schema.object(
        .required("role", .enumeration(Role.allCases.map(\.rawValue)), "The role."),
        .required("site", .opaque(1...64), "The site's code; '*' is every site."),
        .optional("scope", .enumeration(["site", "subtree"]), "Whether it reaches below the site; 'site' unless told.")
    )

    init(role: Role, site: String, scope: Grant.Reach?) {
        self.role = role
        self.site = site
        self.scope = scope
    }

    init(_ grant: Grant, _ directory: DirectorySnapshot) {
        self.init(
            role: grant.role, site: grant.siteID.map { directory.sitesByID[$0]?.code ?? "?" } ?? "*", scope: grant.reach
        )
    }
}

extension MethodEntry {
    /// Whether someone with these roles may call it at some site.
    func isPermitted(to roles: Set<Role>) -> Bool {
        switch self.access {
        case .anonymous, .authenticated: true
        case .roles(let allowed): !allowed.isDisjoint(with: roles)
        case .modules: false
        }
    }
}
