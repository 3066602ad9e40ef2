internal import XinglinKit

/// What an auditor may read: the rows of the sites of their grants. Rows without a site (logins, the county's own affairs) are
/// for those who audit every site.
struct AuditReach {
    let directory: DirectorySnapshot
    let sites: [RecordID]
    let isWhole: Bool

    init(_ call: Call) throws {
        self.directory = try call.hosted.services.directory.snapshot
        let grants = try call.caller.grants.filter { $0.role == .auditor }
        let directory = self.directory
        self.sites = directory.sitesByID.keys.filter { site in grants.contains { directory.reaches($0, site) } }
        self.isWhole = self.sites.count == directory.sitesByID.count
    }

    /// The site of that code, where its rows may be read.
    /// - Throws: `host.siteUnknown`, `host.forbidden`.
    func site(_ code: String) throws -> RecordID {
        guard let site = self.directory.sitesByCode[code] else {
            throw HostFault.siteUnknown.fault(["site": .string(code)])
        }
        guard self.sites.contains(site.id) else {
            throw HostFault.forbidden.fault(["roles": ["auditor"], "site": .string(code)])
        }
        return site.id
    }

    /// The chains whose state may be read.
    var chains: [RecordID] { self.isWhole ? self.sites + [AuditLink.hostChain] : self.sites }

    /// The code of a site; nil for the host's own chain.
    func code(_ chain: RecordID) -> String? { self.directory.sitesByID[chain]?.code }
}
