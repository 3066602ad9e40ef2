internal import XinglinKit

/// `decoction.prescription.review`
struct ReviewPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let decision: ReviewDecision
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
        let reservations: [Reviewing.Reservation]
        var reservedUntil: Timestamp?
        let findings: [Finding]
    }

    static let name = "decoction.prescription.review"
    static let summary = """
        Decides on a prescription that is ready for review (RX-13): it is judged by the rules of the day once more, and an approved one has \
        its pieces reserved, first expiry first; a refused one goes back to the doctor with the note.
        """
    static let effect = Effect.write
    static let access = Access.roles([.reviewer])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is ready for review."),
        .required("decision", .enumeration(ReviewDecision.codes), "approve or refuse."),
        .optional("note", .text(1...500), "What the doctor is told; needed to refuse. It is kept encrypted."))
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "approved or refused."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required(
            "reservations",
            .array(
                .object(
                    .required("lotId", .id, "The lot."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("locationId", .id, "Where it lies; the site's own id is the main store."),
                    .required("quantityMg", .integer(1...10_000_000_000), "How much, in milligrams.")),
                0...100_000),
            "What is kept back, piece by piece in the order of issue; none where it was refused."),
        .optional("reservedUntil", .timestamp, "When the reservation lapses, unless it is dispensed before."),
        .required(
            "findings", .array(Finding.schema, 0...1000), "What the rules found today; none where it was refused."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, DispensingFault.reviewBlocked, DispensingFault.staffNotEntitled,
        DecoctionFault.insufficientStock,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.decision == .approve || params.note != nil else {
            throw Fault.invalid("/note", expected: "a note, to refuse", zh: "退回须写明理由")
        }
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        guard stored.state == .readyForReview else { throw stored.stateConflict }
        let reviewing = Reviewing(call: call, stored: stored, note: params.note)
        let outcome = try params.decision == .approve ? reviewing.approve() : reviewing.refuse()
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("decision", .string(params.decision.rawValue))
        try call.publish(
            DispensingTopic.reviewed, subject: stored.id,
            DispensingTopic.Reviewed(prescriptionId: stored.id, decision: params.decision, state: outcome.state))
        try stored.tellOrigin(outcome.state, call)
        return Reply(
            prescriptionId: stored.id, state: outcome.state, stateZh: outcome.state.labelZh,
            reservations: outcome.reservations, reservedUntil: outcome.reservedUntil, findings: outcome.findings)
    }

    static var examples: Examples<Params, Reply> {
        let reservation = Reviewing.Reservation(
            lotId: Sample.lot, pieceCode: "XLYP0001", locationId: Sample.location, quantityMg: 42_000)
        return Examples(
            full: (
                Params(prescriptionId: Sample.prescription, decision: .approve, note: "先煎药已核对"),
                Reply(
                    prescriptionId: Sample.prescription, state: .approved, stateZh: PrescriptionState.approved.labelZh,
                    reservations: [reservation], reservedUntil: Sample.instant.adding(seconds: 86_400),
                    findings: [.example])
            ),
            minimal: (
                Params(prescriptionId: Sample.prescription, decision: .refuse, note: "剂量请复核"),
                Reply(
                    prescriptionId: Sample.prescription, state: .refused, stateZh: PrescriptionState.refused.labelZh,
                    reservations: [], findings: [])
            ))
    }
}
