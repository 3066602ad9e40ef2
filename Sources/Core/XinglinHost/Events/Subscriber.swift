internal import XinglinKit

/// Who subscribed: a session or a machine's certificate, judged again whenever the directory has changed.
struct Subscriber: Sendable {
    let account: RecordID
    /// Holds the session, renewed ones too, or the certificate.
    let state: ConnectionState

    /// The caller as the directory has it now.
    /// - Throws: why there is no session any more.
    func principal(in directory: DirectorySnapshot, now: Timestamp, idleMinutes: Int) throws(Fault) -> Principal {
        if let certificate = self.state.certificate {
            let machine = try certificate.judge(in: directory)
            guard machine.account.principal.accountID == self.account else { throw HostFault.sessionExpired.fault() }
            return machine.account.principal
        }
        guard let session = self.state.session, session.accountID == self.account,
            let account = directory.accounts[session.accountID], !account.isDisabled, account.epoch <= session.epoch,
            !directory.isEnded(session.tokenDigest), !session.isOver(at: now, idleMinutes: idleMinutes)
        else { throw HostFault.sessionExpired.fault() }
        return account.principal
    }
}

/// Of which sites a subscriber gets the events of a topic.
struct TopicReach: Sendable, Equatable {
    let sites: Set<RecordID>
    /// Also those that belong to no site.
    let isEverywhere: Bool

    func includes(_ site: RecordID?) -> Bool { site.map { self.sites.contains($0) } ?? self.isEverywhere }

    var isEmpty: Bool { self.sites.isEmpty && !self.isEverywhere }

    /// By the topic's access, at each site where its module is enabled.
    init(_ entry: TopicEntry, of principal: Principal, in directory: DirectorySnapshot) {
        let grants: [Grant]
        switch entry.topic.access {
        case .anonymous, .modules: grants = []
        case .authenticated: grants = principal.grants
        case .roles(let roles): grants = principal.grants.filter { roles.contains($0.role) }
        }
        self.isEverywhere = grants.contains { $0.siteID == nil }
        self.sites = Set(
            directory.sitesByID.keys.filter { site in
                directory.isEnabled(entry.module, at: site) && grants.contains { directory.reaches($0, site) }
            })
    }

    /// What the reach was and is no more.
    func lost(from before: TopicReach) -> Set<RecordID>? {
        let lost = before.sites.subtracting(self.sites)
        return lost.isEmpty && (self.isEverywhere || !before.isEverywhere) ? nil : lost
    }
}
