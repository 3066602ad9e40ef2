internal import XinglinKit

/// `decoction.prescription.recheck`
struct RecheckPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
    }

    typealias Reply = Submission.Reply

    static let name = "decoction.prescription.recheck"
    static let summary = """
        Judges a prescription that waits by today's rules, rights and stock once more; the findings of the earlier checks \
        stay, and a signature holds for what it was given for.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor, .pharmacist, .reviewer])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is not reviewed yet."))
    static let reply = Reply.schema
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, CatalogueFault.pieceOutOfUse,
        ForwardingFault.prescriptionOfAnotherSite,
    ]

    private static let states: [PrescriptionState] = [.submitted, .awaitingSignature, .readyForReview]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        try stored.requireOwn()
        guard Self.states.contains(stored.state) else { throw stored.stateConflict }
        let act = try LotStore.Act(call)
        let signatures = try StoredSignature.read(
            call.db.rows(PrescriptionStore.signatures(of: stored.id, site: act.site)), call)
        let read = try CaseReading(
            draft: stored.draft, call: call, isSubmitted: true, insteadOf: stored.id,
            answer: StoredSignature.answer(in: signatures)
        ).result()
        let demand = SignatureDemand(findings: read.findings)
        let state = demand.state(signed: demand.signed(by: signatures))
        let check = stored.check + 1
        try call.db.batch([
            Statement(
                PrescriptionStore.add(read.findings, check: check, to: stored.id, site: act.site, on: call.today),
                .rows(read.findings.count)),
            Statement(
                PrescriptionStore.move(stored.id, from: [stored.state], to: state, check: check, site: act.site),
                .rows(1)),
            Statement(PrescriptionStore.record(state, of: stored.id, act), .rows(1)),
        ])
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("state", .string(state.rawValue))
        try call.publish(
            PrescriptionTopic.rechecked, subject: stored.id,
            PrescriptionTopic.Moved(prescriptionId: stored.id, state: state))
        return Reply(
            prescriptionId: stored.id, state: state, stateZh: state.labelZh, findings: read.findings)
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(prescriptionId: Sample.prescription)
        return Examples(full: (params, .full), minimal: (params, .clean))
    }
}
