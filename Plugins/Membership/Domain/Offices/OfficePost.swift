internal import XinglinKit

/// A post in a committee (BR-03), or of a branch that has none.
enum OfficePost: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case secretary
    case deputySecretary
    case organization
    case publicity
    case discipline
    case youth
    case member

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .secretary: "书记"
        case .deputySecretary: "副书记"
        case .organization: "组织委员"
        case .publicity: "宣传委员"
        case .discipline: "纪检委员"
        case .youth: "青年委员"
        case .member: "委员"
        }
    }
}

/// When an election was held, beside when it was due (BR-04).
enum ElectionTiming: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    /// There was no term before.
    case first
    case early
    case onTime
    /// After the term, within what the higher organisation had approved.
    case putOff
    case late

    static var codes: [String] { Self.allCases.map(\.rawValue) }

    var labelZh: String {
        switch self {
        case .first: "首次选举"
        case .early: "提前换届"
        case .onTime: "按期换届"
        case .putOff: "经批准延期换届"
        case .late: "逾期换届"
        }
    }
}

/// What may come to an end by a row of its own.
enum EndingKind: String, Codable, Sendable, SQLBindable {
    case office, link, mentorPair, fact
}
