/// Which way a value of a rule is stricter.
public enum Tighter: String, CaseIterable, Codable, Sendable, SQLBindable, SQLTextDecodable {
    case lower, higher, none

    /// The codes on the wire and in the file.
    public static var codes: [String] { Self.allCases.map(\.rawValue) }

    /// Whether a value is laxer than another. A text is neither.
    public func isLaxer(_ value: String, than other: String) -> Bool {
        guard let value = Int64(value), let other = Int64(other) else { return false }
        switch self {
        case .lower: return value > other
        case .higher: return value < other
        case .none: return false
        }
    }
}
