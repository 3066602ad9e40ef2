internal import XinglinKit

/// Where a member stands.
enum MemberStatus: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// A duty-bound member without vote, stand or election (DV-20).
    case probationary
    case full
    /// Belongs here no longer.
    case ended

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    /// Those of members.
    static let living: [String] = [Self.full.rawValue, Self.probationary.rawValue]

    var labelZh: String {
        switch self {
        case .probationary: "预备党员"
        case .full: "正式党员"
        case .ended: "已不在册"
        }
    }
}

/// How membership in a register ended.
enum EndOfMembership: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case transferredOut
    case died
    /// 退党: asked to leave.
    case withdrew
    /// 自行脱党: six months without taking part, paying, or working.
    case lapsed
    /// 除名: struck off.
    case removed
    /// 开除党籍.
    case expelled
    case probationCancelled

    static var codes: [String] { Self.allCases.map(\.rawValue) }
    /// Those that an officer records; the others follow from a transfer or a development.
    static let recorded: [String] = [
        Self.died.rawValue, Self.withdrew.rawValue, Self.lapsed.rawValue, Self.removed.rawValue, Self.expelled.rawValue,
    ]

    var labelZh: String {
        switch self {
        case .transferredOut: "组织关系转出"
        case .died: "去世"
        case .withdrew: "退党"
        case .lapsed: "自行脱党"
        case .removed: "党内除名"
        case .expelled: "开除党籍"
        case .probationCancelled: "取消预备党员资格"
        }
    }
}

/// What a fact of a member says has happened.
enum StandingChange: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// Taken over from another register.
    case enrolled
    /// Admitted by a development that was recorded here.
    case admitted
    /// Became a full member.
    case converted
    /// Belongs to another branch or group of the site from then on.
    case assigned
    /// Came from another site.
    case received
    case ended

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .enrolled: "登记在册"
        case .admitted: "接收为预备党员"
        case .converted: "转为正式党员"
        case .assigned: "编入支部或小组"
        case .received: "组织关系转入"
        case .ended: "离开本组织"
        }
    }
}
