internal import XinglinKit

/// What every call is judged by: sites, accounts, grants, enabled modules and ended sessions, as of one version.
/// Immutable; a change makes a new one.
final class DirectorySnapshot: Sendable {
    struct Account: Sendable {
        let principal: Principal
        let epoch: Int64
        let isDisabled: Bool
        let mustChangePassword: Bool
        /// Whether it is a machine's: it has certificates in place of a password.
        let isMachine: Bool
    }

    let version: Int64
    let sitesByCode: [String: Site]
    let sitesByID: [RecordID: Site]
    let accounts: [RecordID: Account]
    /// The machines' certificates that have not expired, revoked ones too, by their fingerprint.
    let certificates: [SQLBytes: MachineCertificate]
    private let accountIDs: [String: RecordID]
    private let enabled: [String: [RecordID: Timestamp]]
    private let endedSessions: Set<SQLBytes>
    private let children: [RecordID: [RecordID]]

    init(
        version: Int64 = 0, sites: [Site] = [], accounts: [Account] = [],
        enabled: [String: [RecordID: Timestamp]] = [:], endedSessions: Set<SQLBytes> = [],
        certificates: [MachineCertificate] = []
    ) {
        self.version = version
        self.sitesByCode = Dictionary(uniqueKeysWithValues: sites.map { ($0.code, $0) })
        self.sitesByID = Dictionary(uniqueKeysWithValues: sites.map { ($0.id, $0) })
        self.accounts = Dictionary(uniqueKeysWithValues: accounts.map { ($0.principal.accountID, $0) })
        self.accountIDs = Dictionary(
            uniqueKeysWithValues: accounts.map { ($0.principal.account, $0.principal.accountID) })
        self.enabled = enabled
        self.endedSessions = endedSessions
        self.certificates = Dictionary(uniqueKeysWithValues: certificates.map { ($0.fingerprint, $0) })
        var children: [RecordID: [RecordID]] = [:]
        for site in sites { if let parent = site.parentID { children[parent, default: []].append(site.id) } }
        self.children = children
    }

    func account(named name: String) -> Account? { self.accountIDs[name].flatMap { self.accounts[$0] } }

    func isEnabled(_ module: String, at site: RecordID) -> Bool {
        module == Registry.hostCode || self.enabled[module]?[site] != nil
    }

    /// The sites at which a module is enabled, with the instant.
    func enabledSites(of module: String) -> [RecordID: Timestamp] { self.enabled[module] ?? [:] }

    func isEnded(_ tokenDigest: SQLBytes) -> Bool { self.endedSessions.contains(tokenDigest) }

    /// The site and everything below it.
    func subtree(of site: RecordID) -> [RecordID] {
        var found = [site]
        var index = 0
        while index < found.count {
            found.append(contentsOf: self.children[found[index]] ?? [])
            index += 1
        }
        return found
    }

    /// Whether a grant holds at a site.
    func reaches(_ grant: Grant, _ site: RecordID) -> Bool {
        guard let granted = grant.siteID else { return true }
        if granted == site { return true }
        guard grant.reach == .subtree else { return false }
        var current = self.sitesByID[site]?.parentID
        while let parent = current {
            if parent == granted { return true }
            current = self.sitesByID[parent]?.parentID
        }
        return false
    }

    /// The grants that let a caller use a method at a site.
    func grants(of principal: Principal, for roles: Set<Role>, at site: RecordID) -> [Grant] {
        principal.grants.filter { roles.contains($0.role) && self.reaches($0, site) }
    }

    /// The acting site, and its descendants where one of the grants reaches over a subtree.
    func readableSites(from site: RecordID, by grants: [Grant]) -> [RecordID] {
        grants.contains { $0.siteID == nil || $0.reach == .subtree } ? self.subtree(of: site) : [site]
    }

    /// Every site at which the caller has any role.
    func sites(of principal: Principal) -> [Site] {
        self.sitesByCode.values.filter { site in principal.grants.contains { self.reaches($0, site.id) } }
            .sorted { $0.code < $1.code }
    }
}
