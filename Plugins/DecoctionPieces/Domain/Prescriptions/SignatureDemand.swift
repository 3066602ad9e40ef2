internal import XinglinKit

/// A second signature as a caller gives it.
struct SignatureDraft: Codable, Sendable {
    let rule: String
    let staffId: RecordID
    let reason: String
    /// What the patient answered, where the rule asks whether she is pregnant.
    var answer: PregnancyAnswer?

    static let fields: [Schema.Field] = [
        .required("rule", .code(5...5), "The rule whose findings are signed."),
        .required("staffId", .id, "Who signs; the caller, where the account is a member of staff's."),
        .required("reason", .text(1...200), "Why; or the answer to the question."),
        .optional(
            "answer", .enumeration(PregnancyAnswer.codes),
            "What was answered to askPregnancy (RX-06): the prescription is judged by it at once. Without it the answer stands in the reason alone."
        ),
    ]

    static let example = SignatureDraft(rule: "RX-05", staffId: Sample.staff, reason: "既往同用有效，剂量减半，密切观察")
}

/// Which signatures a set of findings waits for, and where the prescription therefore stands.
struct SignatureDemand {
    let findings: [Finding]

    /// The findings of a rule that a signature lifts, by their pieces.
    func signable(_ rule: String) -> [Finding] {
        self.findings.filter { $0.rule == rule && $0.severity.holdsUp && $0.resolution.isSignable }
    }

    /// Whether a finding of the rule asks the patient something.
    func asks(_ rule: String) -> Bool { self.signable(rule).contains { $0.resolution == .askPregnancy } }

    /// The pieces that a signature of the rule covers.
    func pieces(of rule: String) -> [String] {
        Array(Set(self.signable(rule).flatMap(\.pieces))).sorted()
    }

    /// The rules for which a signature was given that covers what is found now.
    func signed(by signatures: [StoredSignature]) -> Set<String> {
        Set(
            StoredSignature.holding(signatures).filter { Set(self.pieces(of: $0.rule)).isSubset(of: $0.pieces) }.map(
                \.rule))
    }

    /// Where the prescription stands once these rules are signed.
    func state(signed rules: Set<String>) -> PrescriptionState {
        let holding = self.findings.filter { $0.severity.holdsUp }
        if holding.contains(where: { !$0.resolution.isSignable }) { return .submitted }
        return holding.allSatisfy { rules.contains($0.rule) } ? .readyForReview : .awaitingSignature
    }
}

/// Whether somebody may sign a rule's findings.
struct SignerMustBeEntitled {
    struct Staff: Equatable {
        let staffID: RecordID
        let personID: RecordID
        let rights: Set<String>
        let hasLeft: Bool
    }

    let signer: Signer
    /// Who prescribed; nil where the index of staff does not know them.
    let prescriber: Staff?
    /// Rights that the signer has besides that to prescribe pieces: for toxic pieces those for toxic ones.
    let rights: Set<String>

    /// What the signer lacks, as the fault's detail; nil where nothing is lacking.
    func missing(_ staff: Staff?) -> String? {
        guard let staff, !staff.hasLeft else { return "staff" }
        if let right = self.rights.sorted().first(where: { !staff.rights.contains($0) }) { return right }
        return self.signer == .secondPrescriber && staff.personID == self.prescriber?.personID ? "anotherPerson" : nil
    }
}
