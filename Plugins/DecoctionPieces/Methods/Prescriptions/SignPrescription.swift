internal import XinglinKit

/// `decoction.prescription.sign`
struct SignPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let rule: String
        let staffId: RecordID
        let reason: String
        var answer: PregnancyAnswer?
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
        /// What the answer has led to.
        var findings: [Finding]?
    }

    static let name = "decoction.prescription.sign"
    static let summary = """
        Signs the findings of a rule a second time, with a reason; by a prescriber, and by another one than the \
        prescription's where the rule table asks for a second person.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor, .reviewer])
    static let params = Schema.object(
        [.required("prescriptionId", .id, "A prescription that waits.")] + SignatureDraft.fields)
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "Where it stands now."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .optional(
            "findings", .array(Finding.schema, 0...1000), "What the rules find by the answer, where one was given."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, PrescriptionFault.signatureNotOwn,
        PrescriptionFault.signatureNotAsked, PrescriptionFault.signerNotEntitled, PrescriptionFault.signatureExists,
        ForwardingFault.prescriptionOfAnotherSite,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        // Locked, so that of two signatures at once the later sees the earlier, and one of them makes it ready.
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        try stored.requireOwn()
        guard [.submitted, .awaitingSignature].contains(stored.state) else { throw stored.stateConflict }
        let act = try LotStore.Act(call)
        let results = try call.db.batch([
            Statement(PrescriptionStore.findings(of: stored.id, check: stored.check, site: act.site)),
            Statement(PrescriptionStore.signatures(of: stored.id, site: act.site)),
            Statement(PharmacyRules.table.valid(on: call.today, site: act.site)),
        ])
        let demand = SignatureDemand(findings: try PrescriptionStore.findings(results[0]))
        let signing = Signing(
            call: call, demand: demand, rules: try PharmacyRules.book(results[2]),
            prescriber: stored.draft.prescriberStaffId)
        let draft = SignatureDraft(
            rule: params.rule, staffId: params.staffId, reason: params.reason, answer: params.answer)
        let signatures = try signing.signatures([draft])
        let earlier = try StoredSignature.read(results[1], call)
        let answered = try params.answer.map { answer in
            try CaseReading(
                draft: stored.draft, call: call, isSubmitted: true, insteadOf: stored.id, stored: stored.lines,
                answer: answer
            ).result().findings
        }
        let check = stored.check + (answered == nil ? 0 : 1)
        let state: PrescriptionState
        if let answered {
            // Only what was signed for other rules holds beside an answer.
            let now = SignatureDemand(findings: answered)
            state = now.state(signed: now.signed(by: earlier.filter { $0.rule != params.rule }))
        } else {
            state = demand.state(signed: demand.signed(by: earlier).union([params.rule]))
        }
        try call.db.batch([
            Statement(PrescriptionStore.add(signatures, check: stored.check, to: stored.id, act), .rows(1)),
            Statement(
                PrescriptionStore.add(answered ?? [], check: check, to: stored.id, site: act.site, on: call.today),
                .rows(answered?.count ?? 0)),
            Statement(
                PrescriptionStore.move(
                    stored.id, from: [stored.state], to: state, check: check, site: act.site), .rows(1)),
            Statement(PrescriptionStore.record(state, of: stored.id, act), .rows(1)),
        ])
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("rule", .string(params.rule))
        call.note("state", .string(state.rawValue))
        try call.publish(
            PrescriptionTopic.signed, subject: stored.id,
            PrescriptionTopic.Signed(prescriptionId: stored.id, rule: params.rule, state: state))
        return Reply(prescriptionId: stored.id, state: state, stateZh: state.labelZh, findings: answered)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(
                prescriptionId: Sample.prescription, rule: "RX-05", staffId: Sample.staff,
                reason: SignatureDraft.example.reason),
            reply: Reply(
                prescriptionId: Sample.prescription, state: .readyForReview,
                stateZh: PrescriptionState.readyForReview.labelZh)
        )
        let asked = (
            params: Params(
                prescriptionId: Sample.prescription, rule: "RX-06", staffId: Sample.staff, reason: "已询问，末次月经一周前",
                answer: .no),
            reply: Reply(
                prescriptionId: Sample.prescription, state: .readyForReview,
                stateZh: PrescriptionState.readyForReview.labelZh, findings: [.example])
        )
        return Examples(full: asked, minimal: example)
    }
}
