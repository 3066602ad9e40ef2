internal import XinglinKit

/// `decoction.prescription.reuse`
struct ReusePrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        var pregnant: PregnancyAnswer?
        var allergies: [String]?
        var prescriberStaffId: RecordID?
        var signatures: [SignatureDraft]?
    }

    typealias Reply = Submission.Reply

    static let name = "decoction.prescription.reuse"
    static let summary = """
        Prescribes an old prescription anew, today: it is judged by today's rules, record and stock, and neither its \
        signatures nor the answers about pregnancy and allergies are taken over.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor])
    static let params = Schema.object(
        .required("prescriptionId", .id, "The old prescription, in any state."),
        .optional("pregnant", .enumeration(PregnancyAnswer.codes), "Whether the patient is pregnant today (RX-06)."),
        .optional("allergies", .array(.text(1...60), 0...50), "Allergies known today (RX-12)."),
        .optional("prescriberStaffId", .id, "Who prescribes; the caller's own staff member unless told."),
        SubmissionParams.signaturesField)
    static let reply = Reply.schema
    static let faults = Submission.faults + [ForwardingFault.prescriptionOfAnotherSite]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let old = try StoredPrescription.read(params.prescriptionId, call)
        try old.requireOwn()
        var draft = old.draft
        draft.issuedOn = nil
        draft.prescriberStaffId = params.prescriberStaffId
        draft.patient = .init(
            sex: draft.patient.sex, ageYears: draft.patient.ageYears + old.issuedOn.years(on: call.today),
            pregnant: params.pregnant, allergies: params.allergies)
        let submission = Submission(
            draft: draft, illness: old.illness, signatures: params.signatures ?? [], reuses: old.id)
        let reply = try submission.run(call)
        call.note("reuses", .string(old.id.description))
        return reply
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    prescriptionId: Sample.formerPrescription, pregnant: .no, allergies: [],
                    prescriberStaffId: Sample.staff, signatures: [.example]), .full
            ),
            minimal: (Params(prescriptionId: Sample.formerPrescription), .clean))
    }
}
