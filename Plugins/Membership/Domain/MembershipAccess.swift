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
}
