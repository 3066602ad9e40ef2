internal import XinglinKit

/// Takes another site's prescription over: a prescription of the acting site with the same content, its sealed texts sealed for their new
/// rows, every finding and signature of the original, and one check more, that of the acting site.
struct TakeOver {
    let original: RecordID
    let origin: Origin
    let call: Call

    struct Outcome {
        let id: RecordID
        let patient: RecordID
        let findings: [Finding]
        let isDispensable: Bool
    }

    /// The forwarding is taken already, and the original locked by that: its sender changes nothing of it while it is sent.
    func run() throws -> Outcome {
        let stored = try StoredPrescription.read(self.original, at: self.origin.site, self.call)
        let results = try self.call.db.batch([
            Statement(ForwardingStore.carried(with: self.origin.forwarding, site: self.call.site.id)),
            Statement(PrescriptionStore.findings(of: stored.id, check: stored.check, site: self.origin.site)),
            Statement(ForwardingStore.signatureReasons(of: stored.id, at: self.origin.site)),
            Statement(PrescriptionStore.signatures(of: stored.id, site: self.origin.site)),
        ])
        let carried = try Carried(
            patients: ForwardingStore.patients(results[0]), findings: PrescriptionStore.findings(results[1]))
        let signed = try StoredSignature.read(results[3], self.call)
        let read = try CaseReading(
            draft: stored.draft, call: self.call, isSubmitted: true, insteadOf: stored.id, carried: carried,
            stored: stored.lines, answer: StoredSignature.answer(in: signed)
        ).result()
        let id = self.call.newID()
        let signatures = try self.resealed(results[2])
        try self.keep(id, stored, read, signatures)
        let demand = SignatureDemand(findings: read.findings)
        return Outcome(
            id: id, patient: stored.patient, findings: read.findings,
            isDispensable: demand.state(signed: demand.signed(by: signed)) == .readyForReview)
    }

    private func resealed(_ rows: Rows) throws -> [ForwardingStore.Resealed] {
        try rows.decode(as: (RecordID, SQLBytes, SQLBytes?).self).map { former, reason, answer in
            let id = self.call.newID()
            let text = try self.call.open(reason, of: PrescriptionColumns.signatureReason, row: former)
            return ForwardingStore.Resealed(
                former: former, id: id,
                reason: try self.call.seal(text, for: PrescriptionColumns.signatureReason, row: id),
                answer: try answer.map {
                    try self.call.seal(
                        self.call.open($0, of: PrescriptionColumns.signatureAnswer, row: former),
                        for: PrescriptionColumns.signatureAnswer, row: id)
                })
        }
    }

    private func keep(
        _ id: RecordID, _ stored: StoredPrescription, _ read: CaseReading.Result,
        _ signatures: [ForwardingStore.Resealed]
    ) throws {
        let act = try LotStore.Act(self.call)
        let site = self.origin.site
        let check = stored.check + 1
        let new = PrescriptionStore.New(
            id: id, patient: stored.patient, prescriber: stored.draft.prescriberStaffId, issuedOn: stored.issuedOn,
            kind: stored.draft.kind ?? .ordinary, use: stored.draft.use, doses: stored.draft.doses,
            dosesPerDay: stored.draft.dosesPerDay ?? 1, supplyDays: stored.supplyDays, sex: stored.draft.patient.sex,
            ageYears: stored.draft.patient.ageYears,
            sealed: try SealedPrescription(stored.draft, stored.illness, of: id, self.call), state: .readyForReview,
            keepYears: try Submission.keepYears(read.prescription), rewrites: nil, reuses: nil, check: check,
            origin: self.origin)
        try self.call.db.batch([
            Statement(PrescriptionStore.insert(new, act), .rows(1)),
            Statement(
                ForwardingStore.copyLines(of: stored.id, at: site, to: id, act), .rows(stored.lines.count)),
            Statement(ForwardingStore.copyFindings(of: stored.id, at: site, to: id, act)),
            Statement(
                ForwardingStore.copySignatures(signatures, of: stored.id, at: site, to: id, act),
                .rows(signatures.count)),
            Statement(
                PrescriptionStore.add(read.findings, check: check, to: id, site: act.site, on: self.call.today),
                .rows(read.findings.count)),
            Statement(PrescriptionStore.record(.readyForReview, of: id, act), .rows(1)),
        ])
    }
}
