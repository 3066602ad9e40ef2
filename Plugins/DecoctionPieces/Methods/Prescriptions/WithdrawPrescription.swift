internal import XinglinKit

/// `decoction.prescription.withdraw`
struct WithdrawPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
    }

    static let name = "decoction.prescription.withdraw"
    static let summary = """
        Takes a prescription back that is not weighed yet; it stays on record with the reason, and what was reserved for it is free again.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription of which nothing is weighed yet."),
        .required("reason", .text(1...200), "Why. It is kept encrypted."))
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "withdrawn."))
    static let faults = [PrescriptionFault.prescriptionStateConflict, ForwardingFault.prescriptionOfAnotherSite]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = params.prescriptionId
        let reason = try call.seal(
            PlainText.trimmed(params.reason), for: PrescriptionColumns.withdrawnReason, row: id)
        let act = try LotStore.Act(call)
        let sql = PrescriptionStore.withdraw(id, reason: reason, act)
        guard let patient = try call.db.first(sql, as: RecordID.self) else {
            let stored = try StoredPrescription.read(id, call)
            try stored.requireOwn()
            throw stored.stateConflict
        }
        try call.db.execute(ReservationStore.release([id], as: .withdrawn, site: act.site, at: act.now))
        call.recordAccess(basis: "treatment", subjects: [patient])
        call.note("prescriptionId", .string(id.description))
        try call.publish(
            PrescriptionTopic.withdrawn, subject: id,
            PrescriptionTopic.Moved(prescriptionId: id, state: .withdrawn))
        return Reply(prescriptionId: id, state: .withdrawn)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(prescriptionId: Sample.prescription, reason: "患者改约"),
            reply: Reply(prescriptionId: Sample.prescription, state: .withdrawn)
        )
        return Examples(full: example, minimal: example)
    }
}
