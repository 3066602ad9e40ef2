internal import XinglinKit

/// Who may do what in this module. No clinical role may do anything here.
enum MembershipAccess {
    /// Whoever works with members.
    static let officers = Access.roles([.branchOfficer])
    /// What says nothing of a person: organisations, rules, taking registers over.
    static let administration = Access.roles([.branchOfficer, .siteAdmin])
    /// Figures.
    static let figures = Access.roles([.branchOfficer, .siteAdmin, .statistician])
    static let siteAdministrators = Access.roles([.siteAdmin])

    /// Who reads Party discipline beside officers of the committees above: an officer of the site who holds this role there as well.
    /// The purpose alone is anybody's to name.
    static let inspector = Role.auditor

    /// An officer whose work reaches down to the site from above, or one who is an inspector.
    /// - Throws: `host.forbidden`, which names the role and says nothing of the member.
    static func mustBeInspector(_ caller: Principal, at site: Site) throws(Fault) {
        let isOne = caller.grants.contains { grant in
            guard let place = grant.siteID, place != site.id else {
                return grant.role == Self.inspector || (grant.role == .branchOfficer && grant.reach == .subtree)
            }
            let isOne = grant.role == Self.inspector || grant.role == .branchOfficer
            return isOne && grant.reach == .subtree && place == site.parentID
        }
        guard isOne else {
            throw HostFault.forbidden.fault([
                "roles": [.string(Self.inspector.rawValue)], "site": .string(site.code),
            ])
        }
    }
}
