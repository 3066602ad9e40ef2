internal import XinglinKit

/// `decoction.forwarded.take`
struct TakeForwarded: RPCMethod {
    struct Params: Codable, Sendable {
        let forwardingId: RecordID
    }

    struct Reply: Codable, Sendable {
        let forwardingId: RecordID
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
        let dispensable: Bool
        let findings: [Finding]
    }

    static let name = "decoction.forwarded.take"
    static let summary = """
        Takes a prescription of another site over for review, with what was found and signed there: it is judged by the rules, the catalogue and \
        the stock of the acting site today, but for the prescriber's right (RX-01). What holds it up goes back to the doctor by a refusal.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(ForwardingStep.id)
    static let reply = Schema.object(
        ForwardingStep.id,
        .required("prescriptionId", .id, "The prescription that the acting site works on from now."),
        .required("state", .enumeration(PrescriptionState.codes), "readyForReview."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required(
            "dispensable", .boolean,
            "Whether nothing holds it up here; else it is refused with decoction.prescription.review."),
        .required("findings", .array(Finding.schema, 0...1000), "What the rules found here today."))
    static let faults = [
        ForwardingFault.forwardingStateConflict, DecoctionFault.pieceUnknown, CatalogueFault.pieceOutOfUse,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let taken = try call.db.first(
            ForwardingStore.take(params.forwardingId, act), as: (RecordID, RecordID).self)
        guard let (sender, original) = taken else {
            throw try ForwardingStep.refusal(of: params.forwardingId, sentHere: false, call)
        }
        let origin = Origin(site: sender, forwarding: params.forwardingId)
        let done = try TakeOver(original: original, origin: origin, call: call).run()
        call.recordAccess(basis: "treatment", subjects: [done.patient])
        call.note("prescriptionId", .string(done.id.description))
        try ForwardingStep.done(params.forwardingId, .taken, with: sender, of: done.patient, call)
        return Reply(
            forwardingId: params.forwardingId, prescriptionId: done.id, state: .readyForReview,
            stateZh: PrescriptionState.readyForReview.labelZh, dispensable: done.isDispensable,
            findings: done.findings)
    }

    static var examples: Examples<Params, Reply> {
        func reply(_ findings: [Finding]) -> Reply {
            Reply(
                forwardingId: Sample.forwarding, prescriptionId: Sample.prescription, state: .readyForReview,
                stateZh: PrescriptionState.readyForReview.labelZh, dispensable: findings.isEmpty, findings: findings)
        }
        let params = Params(forwardingId: Sample.forwarding)
        return Examples(full: (params, reply([.example])), minimal: (params, reply([])))
    }
}
