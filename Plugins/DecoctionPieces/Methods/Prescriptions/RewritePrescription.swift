internal import XinglinKit

/// `decoction.prescription.rewrite`
struct RewritePrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let submission: SubmissionParams

        init(_ prescription: RecordID, _ submission: SubmissionParams) {
            self.prescriptionId = prescription
            self.submission = submission
        }

        init(from decoder: any Decoder) throws {
            self.prescriptionId = try decoder.container(keyedBy: Key.self)
                .decode(RecordID.self, forKey: .prescriptionId)
            self.submission = try SubmissionParams(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            try self.submission.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(self.prescriptionId, forKey: .prescriptionId)
        }

        private enum Key: String, CodingKey { case prescriptionId }
    }

    typealias Reply = Submission.Reply

    static let name = "decoction.prescription.rewrite"
    static let summary = """
        Hands in another prescription instead of one that is not weighed yet, which is withdrawn and stays linked; the \
        only way to substitute a piece, and the doctor's alone (RX-14).
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor])
    static let params = Schema.object(
        [.required("prescriptionId", .id, "The prescription that is replaced.")] + SubmissionParams.fields)
    static let reply = Reply.schema
    static let faults =
        Submission.faults + [
            PrescriptionFault.prescriptionStateConflict, ForwardingFault.prescriptionOfAnotherSite,
        ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let former = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        try former.requireOwn()
        let act = try LotStore.Act(call)
        guard
            try call.db.first(PrescriptionStore.withdraw(former.id, reason: nil, act), as: RecordID.self) != nil
        else { throw former.stateConflict }
        try call.db.execute(ReservationStore.release([former.id], as: .withdrawn, site: act.site, at: act.now))
        let submission = Submission(
            draft: params.submission.draft, illness: params.submission.illness,
            signatures: params.submission.signatures ?? [], rewrites: former.id)
        let reply = try submission.run(call, of: former.patient)
        call.note("rewrites", .string(former.id.description))
        try call.publish(
            PrescriptionTopic.withdrawn, subject: former.id,
            PrescriptionTopic.Moved(prescriptionId: former.id, state: .withdrawn))
        return reply
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (Params(Sample.formerPrescription, .example), .full),
            minimal: (Params(Sample.formerPrescription, .small), .clean))
    }
}
