/// A name as lists show it: 张*.
enum MaskedName {
    /// The first character stays; each other one is hidden, at most two of them.
    static func of(_ name: String) -> String {
        guard let first = name.first else { return "*" }
        return String(first) + String(repeating: "*", count: min(2, max(1, name.count - 1)))
    }
}

/// What a whole name is needed for. It is audited.
enum ViewPurpose: String, CaseIterable, Codable, Sendable {
    case development
    case dues
    case transfer
    case organizationWork
    case inspection

    static var codes: [String] { Self.allCases.map(\.rawValue) }
}
