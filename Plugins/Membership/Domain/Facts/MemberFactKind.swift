internal import XinglinKit

/// What a fact of a member beside status and branch is about.
enum MemberFactKind: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// A post outside of committees.
    case position
    case honour
    case mark
    /// Restricted: shown for inspection alone.
    case discipline

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .position: "职务"
        case .honour: "荣誉"
        case .mark: "培养标记"
        case .discipline: "党纪处分"
        }
    }
}

/// 双培养, and 双带头人 (BR-06).
enum MemberMark: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// A professional backbone who was brought up to be a member.
    case backboneToMember
    /// A member who was brought up to lead.
    case memberToLeader
    /// A secretary who leads in the Party's and in professional work.
    case dualLeader

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .backboneToMember: "业务骨干培养成党员"
        case .memberToLeader: "党员培养成骨干带头人"
        case .dualLeader: "双带头人"
        }
    }
}

/// Who granted an honour.
enum HonourLevel: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case national, provincial, municipal, county, unit

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}

/// The disciplines of the Party, from the lightest.
enum DisciplineKind: String, CaseIterable, Codable, Sendable {
    case warning
    case seriousWarning
    case removedFromPost
    /// 留党察看: without the rights of a member until they are restored.
    case probationInParty
    case expelled

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .warning: "警告"
        case .seriousWarning: "严重警告"
        case .removedFromPost: "撤销党内职务"
        case .probationInParty: "留党察看"
        case .expelled: "开除党籍"
        }
    }

    /// Whether the member neither votes, nor stands, nor introduces (domain rules 1.3, DV-10).
    var takesRights: Bool { self == .probationInParty || self == .expelled }
}
