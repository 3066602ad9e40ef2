/// Whose value it is that a rule has.
enum RuleOrigin: String, CaseIterable, Codable, Sendable {
    case shipped, county, site

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
