/// How sure the source of a rule's value is.
public enum RuleConfidence: String, CaseIterable, Codable, Sendable, SQLBindable {
    case high = "H"
    case medium = "M"
    case low = "L"
    /// The product's own proposal, without legal force.
    case product = "prod"

    /// The codes on the wire and in the file.
    public static var codes: [String] { Self.allCases.map(\.rawValue) }
}
