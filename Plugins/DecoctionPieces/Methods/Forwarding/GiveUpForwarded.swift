internal import XinglinKit

/// `decoction.forwarded.giveUp`
struct GiveUpForwarded: RPCMethod {
    struct Params: Codable, Sendable {
        let forwardingId: RecordID
        let why: GivenUp
        var reason: String?
    }

    typealias Reply = ReceiveForwarded.Reply

    static let name = "decoction.forwarded.giveUp"
    static let summary = """
        Gives up medicine of another site's pharmacy that reached no patient: lost on its way, damaged, or of a lot that was recalled. The \
        prescription stands where it stood before it was sent, to be reviewed here or sent anew; the pharmacy's ledger keeps what it issued.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        ForwardingStep.id,
        .required(
            "why", .enumeration(GivenUp.codes),
            "Why it reached nobody; recalled where the pharmacy has recalled a lot of it."),
        .optional("reason", .text(1...200), "What is to be said beside it. It is kept encrypted."))
    static let reply = Schema.object(
        ForwardingMoved.fields + [
            .required("prescriptionId", .id, "The prescription of the acting site."),
            .required("prescriptionState", .enumeration(PrescriptionState.codes), "Where it stands again."),
        ])
    static let faults = [ForwardingFault.forwardingStateConflict, SharedFault.deliveryExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = params.forwardingId
        let act = try LotStore.Act(call)
        let found = try call.db.first(
            ForwardingStore.state(id, site: act.site), as: (ForwardingState, Bool, RecordID, RecordID).self)
        guard let (state, isSentHere, _, original) = found, isSentHere else {
            throw try ForwardingStep.refusal(of: id, sentHere: true, call)
        }
        // Locked before the forwarding, as whoever hands it over or delivers it does.
        let stored = try StoredPrescription.read(original, locking: true, call)
        let end = ForwardingStore.End(
            why: params.why,
            reason: try params.reason.map {
                try call.seal(PlainText.trimmed($0), for: ForwardingColumns.giveUpReason, row: id)
            })
        let ended = try call.db.first(ForwardingStore.giveUp(id, end, act), as: (RecordID, RecordID).self)
        guard let (prescription, pharmacy) = ended,
            let home = try call.db.first(ForwardingStore.bringHome(original, act), as: PrescriptionState.self)
        else {
            try DeliveryStep.requireNone(of: original, call)
            if params.why == .recalled, [.inTransit, .received].contains(state), stored.state != .handedOver {
                throw Fault.invalid(
                    "/why", expected: "lost or damaged: the pharmacy has recalled nothing of it",
                    zh: "lost 或 damaged：共享中药房未召回其中的批次")
            }
            throw try ForwardingStep.refusal(of: id, sentHere: true, call)
        }
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(prescription.description))
        call.note("why", .string(params.why.rawValue))
        try ForwardingStep.done(id, .givenUp, with: pharmacy, of: stored.patient, call)
        return Reply(
            forwardingId: id, state: .givenUp, stateZh: ForwardingState.givenUp.labelZh, prescriptionId: prescription,
            prescriptionState: home)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            forwardingId: Sample.forwarding, state: .givenUp, stateZh: ForwardingState.givenUp.labelZh,
            prescriptionId: Sample.prescription, prescriptionState: .readyForReview)
        return Examples(
            full: (
                Params(forwardingId: Sample.forwarding, why: .recalled, reason: "已就地封存，待县院收回"), reply
            ), minimal: (Params(forwardingId: Sample.forwarding, why: .lost), reply))
    }
}
