internal import XinglinKit

/// The committee above a branch, and whose accounts are of it (DV-27).
struct HigherCommittee {
    /// The branch or group and what stands above it, the nearest first.
    let chain: [PartyOrganization]

    private var committee: PartyOrganization? { self.chain.dropFirst().first { $0.approves && !$0.isEnded } }

    /// Whether a caller may act for it: by a grant at the site that keeps it, by one that reaches down to it from a site above, or at every
    /// site. Where there is no committee, an administrator of the bureau may.
    /// - Throws: `membership.approverNotEntitled`.
    func mustInclude(_ caller: Principal, at site: Site) throws(Fault) {
        guard let committee = self.committee else {
            let isBureau = caller.grants.contains {
                $0.role == .siteAdmin
                    && ($0.siteID == nil || $0.reach == .subtree || ($0.siteID == site.id && site.kind == .bureau))
            }
            guard isBureau else { throw DevelopmentFault.approverNotEntitled.fault(.object([:])) }
            return
        }
        let above = self.sites(above: committee, acting: site)
        let isOfIt = caller.grants.contains { grant in
            guard grant.role == .branchOfficer || grant.role == .siteAdmin else { return false }
            guard let place = grant.siteID, place != committee.keptAt else { return true }
            return grant.reach == .subtree && above.contains(place)
        }
        guard isOfIt else {
            throw DevelopmentFault.approverNotEntitled.fault(["committeeId": .string(committee.id.description)])
        }
    }

    /// The sites that are known to stand above the committee's: what keeps the organisations above it, and the acting site's parent where
    /// the committee is kept here.
    private func sites(above committee: PartyOrganization, acting site: Site) -> Set<RecordID> {
        var sites = Set(self.chain.drop { $0.id != committee.id }.map(\.keptAt))
        if committee.keptAt == site.id, let parent = site.parentID { sites.insert(parent) }
        return sites
    }
}
