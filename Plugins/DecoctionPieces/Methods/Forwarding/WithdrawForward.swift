internal import XinglinKit

/// `decoction.prescription.withdrawForward`
struct WithdrawForward: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
    }

    static let name = "decoction.prescription.withdrawForward"
    static let summary = """
        Brings a prescription home that was sent to another site's pharmacy: one that is not taken there yet, or that it has refused. It stands \
        where it stood before.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor, .pharmacist])
    static let params = Schema.object(.required("prescriptionId", .id, "A prescription of the acting site."))
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "Where it stands again."),
        .required("stateZh", .text(1...20), "The same in Chinese."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, ForwardingFault.forwardingStateConflict,
        ForwardingFault.prescriptionOfAnotherSite,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        try stored.requireOwn()
        guard stored.state == .forwarded else { throw stored.stateConflict }
        let act = try LotStore.Act(call)
        let withdrawn = try call.db.first(
            ForwardingStore.withdraw(stored.id, act), as: (RecordID, RecordID).self)
        if let (id, pharmacy) = withdrawn {
            try ForwardingStep.done(id, .withdrawn, with: pharmacy, of: stored.patient, call)
        }
        guard let home = try call.db.first(ForwardingStore.bringHome(stored.id, act), as: PrescriptionState.self)
        else { throw try Self.refusal(of: stored, call) }
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        return Reply(prescriptionId: stored.id, state: home, stateZh: home.labelZh)
    }

    /// The pharmacy has it.
    private static func refusal(of stored: StoredPrescription, _ call: Call) throws -> Fault {
        let rows = try call.db.rows(
            ForwardingQueries.ofPrescription(stored.id, site: call.site.id, today: call.today))
        guard let last = try ForwardingCard.read(rows, call).last else { return stored.stateConflict }
        return ForwardingFault.conflict(last.forwardingId, last.state)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(prescriptionId: Sample.prescription),
            reply: Reply(
                prescriptionId: Sample.prescription, state: .readyForReview,
                stateZh: PrescriptionState.readyForReview.labelZh)
        )
        return Examples(full: example, minimal: example)
    }
}
