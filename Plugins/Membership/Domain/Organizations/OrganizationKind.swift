internal import XinglinKit

/// What a Party organisation is.
enum OrganizationKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case committee
    case generalBranch
    case branch
    case group
    /// 党组: leads a body's work, and admits nobody (DV-18).
    case leadingGroup

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .committee: "党委"
        case .generalBranch: "党总支"
        case .branch: "党支部"
        case .group: "党小组"
        case .leadingGroup: "党组"
        }
    }

    /// What it may stand below; none at all is the top of a tree.
    var parents: Set<OrganizationKind> {
        switch self {
        case .committee, .leadingGroup: [.committee]
        case .generalBranch: [.committee]
        case .branch: [.committee, .generalBranch]
        case .group: [.branch]
        }
    }

    /// A group is part of a branch; the others may be the top of their tree.
    var mayBeTop: Bool { self != .group }

    /// Whether members belong to it: to a branch, or to a group and so to its branch.
    var hasMembers: Bool { self == .branch || self == .group }
}

/// What happened to an organisation on a day.
enum OrganizationChange: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case founded
    case renamed
    case moved
    case reclassified
    /// It went into another one and ended.
    case mergedInto
    /// It took another one in.
    case took
    /// A part of it became an organisation of its own.
    case splitOff
    case foundedBySplit
    case dissolved

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .founded: "成立"
        case .renamed: "更名"
        case .moved: "调整隶属"
        case .reclassified: "改建"
        case .mergedInto: "并入其他组织"
        case .took: "吸收合并"
        case .splitOff: "分立"
        case .foundedBySplit: "由分立成立"
        case .dissolved: "撤销"
        }
    }
}
