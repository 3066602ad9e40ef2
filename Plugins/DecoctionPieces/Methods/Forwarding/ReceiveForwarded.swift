internal import XinglinKit

/// `decoction.forwarded.receive`
struct ReceiveForwarded: RPCMethod {
    struct Params: Codable, Sendable {
        let forwardingId: RecordID
    }

    struct Reply: Codable, Sendable {
        let forwardingId: RecordID
        let state: ForwardingState
        let stateZh: String
        let prescriptionId: RecordID
        let prescriptionState: PrescriptionState
    }

    static let name = "decoction.forwarded.receive"
    static let summary = """
        Receives the medicine of a prescription that was sent to another site's pharmacy; it is handed over here, or delivered to the village.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(ForwardingStep.id)
    static let reply = Schema.object(
        ForwardingMoved.fields + [
            .required("prescriptionId", .id, "The prescription of the acting site."),
            .required("prescriptionState", .enumeration(PrescriptionState.codes), "arrived."),
        ])
    static let faults = [ForwardingFault.forwardingStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = params.forwardingId
        let site = try call.site.id
        let found = try call.db.first(
            ForwardingStore.state(id, site: site), as: (ForwardingState, Bool, RecordID, RecordID).self)
        guard let (_, isSentHere, _, original) = found, isSentHere else {
            throw try ForwardingStep.refusal(of: id, sentHere: true, call)
        }
        // Locked before the forwarding, as whoever calls it back does.
        let stored = try StoredPrescription.read(original, locking: true, call)
        let received = try call.db.first(
            ForwardingStore.receive(id, LotStore.Act(call)), as: (RecordID, RecordID).self)
        guard let (prescription, pharmacy) = received else {
            throw try ForwardingStep.refusal(of: id, sentHere: true, call)
        }
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(prescription.description))
        try ForwardingStep.done(id, .received, with: pharmacy, of: stored.patient, call)
        return Reply(
            forwardingId: id, state: .received, stateZh: ForwardingState.received.labelZh,
            prescriptionId: prescription, prescriptionState: .arrived)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(forwardingId: Sample.forwarding),
            reply: Reply(
                forwardingId: Sample.forwarding, state: .received, stateZh: ForwardingState.received.labelZh,
                prescriptionId: Sample.prescription, prescriptionState: .arrived)
        )
        return Examples(full: example, minimal: example)
    }
}
