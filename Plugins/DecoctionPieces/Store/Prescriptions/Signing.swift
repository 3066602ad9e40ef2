internal import XinglinKit

/// Judges second signatures: they are asked for, by somebody who may, from their own account.
struct Signing {
    let call: Call
    let demand: SignatureDemand
    let rules: RuleBook
    let prescriber: RecordID?

    /// The caller's own member of staff, where the account has one.
    static func own(_ call: Call) throws -> RecordID? {
        try call.caller.staffID.flatMap { RecordID($0) }
    }

    /// That the caller does not act in somebody else's name.
    /// - Throws: `decoction.signatureNotOwn`.
    static func checkOwn(_ staff: RecordID, _ call: Call) throws {
        guard let own = try Self.own(call), own != staff else { return }
        throw PrescriptionFault.signatureNotOwn.fault(["staffId": .string(staff.description)])
    }

    /// The signatures as they are stored.
    /// - Throws: the first refusal: not one's own, not asked for, not entitled.
    func signatures(_ drafts: [SignatureDraft]) throws -> [PrescriptionStore.Signature] {
        for draft in drafts {
            try Self.checkOwn(draft.staffId, self.call)
            guard !self.demand.signable(draft.rule).isEmpty else {
                throw PrescriptionFault.signatureNotAsked.fault(["rule": .string(draft.rule)])
            }
            guard draft.answer == nil || self.demand.asks(draft.rule) else {
                throw Fault.invalid(
                    "/answer", expected: "an answer only where a finding asks askPregnancy", zh: "仅在核对结果要求询问妊娠时填写")
            }
        }
        let staff = try PeopleOfPrescription(call: self.call).staff(
            drafts.isEmpty ? [] : Array(Set(drafts.map(\.staffId) + [self.prescriber].compactMap { $0 })).sorted())
        let prescriber = self.prescriber.flatMap { staff[$0] }
        return try drafts.map { draft in
            if let missing = try self.entitlement(draft.rule, prescriber).missing(staff[draft.staffId]) {
                throw PrescriptionFault.signerNotEntitled.fault([
                    "rule": .string(draft.rule), "staffId": .string(draft.staffId.description),
                    "missing": .string(missing),
                ])
            }
            let id = self.call.newID()
            return PrescriptionStore.Signature(
                id: id, rule: draft.rule, ruleVersion: self.rules.version(of: draft.rule) ?? "",
                pieces: self.demand.pieces(of: draft.rule), staffID: draft.staffId,
                isOwnAccount: try Self.own(self.call) == draft.staffId,
                reason: try self.call.seal(
                    PlainText.trimmed(draft.reason), for: PrescriptionColumns.signatureReason, row: id),
                answer: try draft.answer.map {
                    try self.call.seal($0.rawValue, for: PrescriptionColumns.signatureAnswer, row: id)
                })
        }
    }

    private func entitlement(
        _ rule: String, _ prescriber: SignerMustBeEntitled.Staff?
    ) throws -> SignerMustBeEntitled {
        var rights: Set<String> = [try self.rules.text(.tcmRight)]
        if rule == ToxicPiecesMustNotExceedTwoDays.id { rights.insert(try self.rules.text(.toxicRight)) }
        guard let signer = Signer(rawValue: try self.rules.text(.signer(of: rule))) else {
            throw PharmacyRules.unusable(.signer(of: rule), .missing)
        }
        return SignerMustBeEntitled(signer: signer, prescriber: prescriber, rights: rights)
    }
}
