internal import XinglinKit

/// The statements of rules and prescriptions, for the conformance suite.
enum PrescriptionStatements {
    static var samples: [SQL] {
        PharmacyRules.ruleSamples + [
            IncompatibilityStore.expand,
            IncompatibilityStore.among(["XLYP0001"]),
            CaseStore.pieces(["XLYP0001"], named: ["麻黄"]), CaseStore.aliased(["麻黄"]),
        ] + Self.ofPrescriptions
    }

    private static var ofPrescriptions: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let bytes = SQLBytes([])
        let new = PrescriptionStore.New(
            id: id, patient: id, prescriber: id, issuedOn: act.now.localDate, kind: .ordinary, use: .oral, doses: 1,
            dosesPerDay: 1, supplyDays: 1, sex: .male, ageYears: 1,
            sealed: SealedPrescription(diagnosis: bytes, syndrome: bytes), state: .submitted, keepYears: 1,
            rewrites: id,
            reuses: id)
        return [
            PrescriptionStore.insert(new, act),
            PrescriptionStore.add([PrescriptionCase.Line](), to: id, site: id),
            PrescriptionStore.add([Finding](), check: 1, to: id, site: id, on: act.now.localDate),
            PrescriptionStore.add([PrescriptionStore.Signature](), check: 1, to: id, act),
            PrescriptionStore.record(.submitted, of: id, act),
            PrescriptionStore.move(id, from: [.submitted], to: .readyForReview, check: 1, site: id),
            PrescriptionStore.withdraw(id, reason: bytes, act),
            PrescriptionStore.read(id, site: id),
            PrescriptionStore.lock(id, site: id),
            PrescriptionStore.lines(of: id, site: id),
            PrescriptionStore.findings(of: id, check: 1, site: id),
            PrescriptionStore.signatures(of: id, site: id),
            PrescriptionStore.changes(of: id, site: id),
            PrescriptionStore.rewritten(id, site: id),
            PrescriptionStore.controlledSupplies(of: [id], site: id, since: act.now.localDate, but: id),
            PrescriptionStore.list(.init(), site: id, before: id, limit: 1),
            PrescriptionStore.listOfPatient(.init(), site: id, before: id, limit: 1),
        ]
    }
}
