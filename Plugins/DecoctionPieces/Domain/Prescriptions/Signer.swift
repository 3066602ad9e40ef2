/// Who signs a finding that asks for a second signature; a value of the rule table.
enum Signer: String, CaseIterable, Sendable {
    /// The prescriber once more, or another prescriber.
    case prescriber
    /// A prescriber who is not the one that wrote the prescription.
    case secondPrescriber
}
