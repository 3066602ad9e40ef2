internal import XinglinKit

/// Takes a prescription in: it is checked, its signatures are judged, and it is kept with all that was found.
struct Submission {
    var draft: PrescriptionDraft
    let illness: Illness
    var signatures: [SignatureDraft] = []
    var rewrites: RecordID?
    var reuses: RecordID?

    /// The reply of `submit`, `rewrite` and `reuse`.
    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
        let findings: [Finding]

        static let schema = Schema.object(
            .required("prescriptionId", .id, "The new prescription."),
            .required(
                "state", .enumeration(PrescriptionState.codes),
                "readyForReview; awaitingSignature; or submitted, where something holds it up that no signature lifts."),
            .required("stateZh", .text(1...20), "The same in Chinese."),
            .required("findings", .array(Finding.schema, 0...1000), "What the rules found, in their order."))

        static let full = Reply(
            prescriptionId: Sample.prescription, state: .awaitingSignature,
            stateZh: PrescriptionState.awaitingSignature.labelZh, findings: [.example])
        static let clean = Reply(
            prescriptionId: Sample.prescription, state: .readyForReview,
            stateZh: PrescriptionState.readyForReview.labelZh,
            findings: [])
    }

    static let faults = [
        DecoctionFault.pieceUnknown, PrescriptionFault.pieceWithdrawn, PrescriptionFault.pieceAmbiguous,
        CatalogueFault.pieceOutOfUse,
        PrescriptionFault.signatureNotOwn, PrescriptionFault.signatureNotAsked, PrescriptionFault.signerNotEntitled,
        PrescriptionFault.signatureExists,
    ]

    /// - Parameter former: the patient of the prescription that is rewritten: it cannot become another's; a record that was merged since
    ///   is the same patient's.
    /// - Throws: a refusal of the draft or of a signature; nothing is kept then.
    func run(_ call: Call, of former: RecordID? = nil) throws -> Reply {
        var draft = self.draft
        if let prescriber = draft.prescriberStaffId {
            try Signing.checkOwn(prescriber, call)
        } else {
            draft.prescriberStaffId = try Signing.own(call)
        }
        let read = try CaseReading(draft: draft, call: call, isSubmitted: true, insteadOf: self.rewrites).result()
        guard let patient = read.patient else {
            throw HostFault.moduleDisabled.fault(["module": "people"])
        }
        guard former.map({ read.everyPatient.contains($0) }) ?? true else {
            throw Fault.invalid("/patientId", expected: "the patient of the former prescription", zh: "原处方的患者")
        }
        let demand = SignatureDemand(findings: read.findings)
        let signatures = try Signing(
            call: call, demand: demand, rules: read.prescription.rules, prescriber: draft.prescriberStaffId
        ).signatures(self.signatures)
        let answer = self.signatures.last { $0.answer != nil }?.answer
        // By the answer it is judged once more, as when it is given later.
        let answered =
            try answer.map {
                try CaseReading(draft: draft, call: call, isSubmitted: true, insteadOf: self.rewrites, answer: $0)
                    .result().findings
            }
        let lifting = self.signatures.filter {
            $0.answer == nil && (answer == nil || $0.rule != PregnancyMustBeRespected.id)
        }
        let state = SignatureDemand(findings: answered ?? read.findings).state(signed: Set(lifting.map(\.rule)))
        let id = call.newID()
        try self.keep(id, draft, patient, read, signatures, state, call)
        if let answered {
            let site = try call.site.id
            try call.db.batch([
                Statement(
                    PrescriptionStore.add(answered, check: 2, to: id, site: site, on: call.today), .rows(answered.count)
                ),
                Statement(PrescriptionStore.move(id, from: [state], to: state, check: 2, site: site), .rows(1)),
            ])
        }
        call.recordAccess(basis: "treatment", subjects: [patient])
        call.note("prescriptionId", .string(id.description))
        call.note("state", .string(state.rawValue))
        try call.publish(
            PrescriptionTopic.submitted, subject: id, PrescriptionTopic.Moved(prescriptionId: id, state: state))
        return Reply(prescriptionId: id, state: state, stateZh: state.labelZh, findings: answered ?? read.findings)
    }

    private func keep(
        _ id: RecordID, _ draft: PrescriptionDraft, _ patient: RecordID, _ read: CaseReading.Result,
        _ signatures: [PrescriptionStore.Signature], _ state: PrescriptionState, _ call: Call
    ) throws {
        let act = try LotStore.Act(call)
        let prescription = read.prescription
        let new = PrescriptionStore.New(
            id: id, patient: patient, prescriber: draft.prescriberStaffId,
            issuedOn: prescription.issuedOn ?? call.today,
            kind: prescription.kind, use: prescription.use, doses: prescription.doses,
            dosesPerDay: prescription.dosesPerDay, supplyDays: prescription.supplyDays, sex: prescription.patient.sex,
            ageYears: prescription.patient.ageYears,
            sealed: try SealedPrescription(draft, self.illness, of: id, call), state: state,
            keepYears: try Self.keepYears(prescription), rewrites: self.rewrites, reuses: self.reuses)
        var statements = [
            Statement(PrescriptionStore.insert(new, act), .rows(1)),
            Statement(PrescriptionStore.add(read.written, to: id, site: act.site), .rows(read.written.count)),
            Statement(
                PrescriptionStore.add(read.findings, check: 1, to: id, site: act.site, on: call.today),
                .rows(read.findings.count)),
            Statement(PrescriptionStore.record(state, of: id, act), .rows(1)),
        ]
        if !signatures.isEmpty {
            statements.append(
                Statement(PrescriptionStore.add(signatures, check: 1, to: id, act), .rows(signatures.count)))
        }
        try call.db.batch(statements)
    }

    /// For how many years the prescription is kept: longest for what is controlled most.
    static func keepYears(_ prescription: PrescriptionCase) throws -> Int64 {
        let isNarcotic = !prescription.pieces(.narcotic).isEmpty
        let isToxic = prescription.pieces.contains { $0.isToxic28 }
        return try prescription.rules.number(
            isNarcotic ? .narcoticRetentionYears : isToxic ? .toxicRetentionYears : .retentionYears)
    }
}
