internal import XinglinKit
internal import XinglinRPC

/// What is judged before a call reaches a worker, in the order of docs/architecture.md §1: is the method known, is there a
/// session, which site, is the module enabled there, is it permitted. Pure, from memory.
struct Admission: Sendable {
    let entry: MethodEntry
    let principal: Principal?
    let session: Session?
    /// The certificate by which a machine calls; there is no session then.
    let certificate: MachineCertificate?
    let site: Site?
    /// The sites whose rows the call may read.
    let readable: [RecordID]

    /// - Throws: the first refusal, in that order.
    static func judge(
        _ request: RPCRequest, session: Session?, certificate: PresentedCertificate? = nil, registry: Registry,
        directory: DirectorySnapshot, now: Timestamp, idleMinutes: Int
    ) throws(Fault) -> Admission {
        guard let entry = registry.methods[request.method], entry.access != .modules else {
            if registry.quarantinedModule(of: request.method) != nil { throw HostFault.moduleQuarantined.fault() }
            throw HostFault.methodNotFound.fault()
        }
        let machine = entry.access == .anonymous ? nil : try certificate?.judge(in: directory)
        let account: DirectorySnapshot.Account? =
            if let machine { machine.account } else { try Self.account(entry, session, directory, now, idleMinutes) }
        let site = try Self.site(entry, request.meta.site, directory)
        let grants = try Self.grants(entry, account?.principal, site, directory)
        return Admission(
            entry: entry, principal: account?.principal, session: account == nil ? nil : session,
            certificate: machine?.certificate, site: site,
            readable: site.map { directory.readableSites(from: $0.id, by: grants) } ?? [])
    }

    private static func account(
        _ entry: MethodEntry, _ session: Session?, _ directory: DirectorySnapshot, _ now: Timestamp, _ idleMinutes: Int
    ) throws(Fault) -> DirectorySnapshot.Account? {
        if entry.access == .anonymous { return nil }
        guard let session else { throw HostFault.unauthenticated.fault() }
        guard let account = directory.accounts[session.accountID], !account.isDisabled, account.epoch <= session.epoch,
            !directory.isEnded(session.tokenDigest), session.use(at: now, idleMinutes: idleMinutes)
        else { throw HostFault.sessionExpired.fault() }
        if account.mustChangePassword, account.epoch == session.epoch, !entry.isAllowedBeforePasswordChange {
            throw HostFault.passwordChangeRequired.fault()
        }
        return account
    }

    private static func site(
        _ entry: MethodEntry, _ code: String?, _ directory: DirectorySnapshot
    ) throws(Fault) -> Site? {
        guard entry.scope == .site else { return nil }
        guard let code else { throw HostFault.siteRequired.fault() }
        guard let site = directory.sitesByCode[code] else { throw HostFault.siteUnknown.fault() }
        guard directory.isEnabled(entry.module, at: site.id) else {
            throw HostFault.moduleDisabled.fault(["module": .string(entry.module), "site": .string(code)])
        }
        return site
    }

    private static func grants(
        _ entry: MethodEntry, _ principal: Principal?, _ site: Site?, _ directory: DirectorySnapshot
    ) throws(Fault) -> [Grant] {
        let principalGrants = principal?.grants ?? []
        switch entry.access {
        case .anonymous, .modules: return []
        case .authenticated:
            // Anyone with a session, but at a site only those who have a role there.
            guard let site else { return principalGrants }
            let here = principalGrants.filter { directory.reaches($0, site.id) }
            guard !here.isEmpty else { throw Self.forbidden(Set(Role.allCases)) }
            return here
        case .roles(let roles):
            let grants = principalGrants.filter { grant in
                roles.contains(grant.role) && (site.map { directory.reaches(grant, $0.id) } ?? true)
            }
            guard !grants.isEmpty else { throw Self.forbidden(roles) }
            return grants
        }
    }

    private static func forbidden(_ roles: Set<Role>) -> Fault {
        HostFault.forbidden.fault(["roles": .array(roles.sorted().map { .string($0.rawValue) })])
    }
}
