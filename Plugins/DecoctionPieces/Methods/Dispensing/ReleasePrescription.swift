internal import XinglinKit

/// `decoction.prescription.release`
struct ReleasePrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
    }

    static let name = "decoction.prescription.release"
    static let summary = """
        Lets go of what is reserved for a prescription that is not dispensed yet; it waits for another review, and what was weighed for it \
        counts no longer.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is approved or being dispensed."))
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "readyForReview."))
    static let faults = [PrescriptionFault.prescriptionStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        guard [.approved, .dispensing].contains(stored.state) else { throw stored.stateConflict }
        let act = try LotStore.Act(call)
        try call.db.batch([
            Statement(ReservationStore.release([stored.id], as: .released, site: act.site, at: act.now)),
            Statement(ReservationStore.reopen([stored.id], site: act.site, by: act.account, at: act.now), .rows(1)),
        ])
        call.note("prescriptionId", .string(stored.id.description))
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        try call.publish(
            DispensingTopic.released, subject: stored.id,
            PrescriptionTopic.Moved(prescriptionId: stored.id, state: .readyForReview))
        try stored.tellOrigin(.readyForReview, call)
        return Reply(prescriptionId: stored.id, state: .readyForReview)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(prescriptionId: Sample.prescription),
            reply: Reply(prescriptionId: Sample.prescription, state: .readyForReview)
        )
        return Examples(full: example, minimal: example)
    }
}
