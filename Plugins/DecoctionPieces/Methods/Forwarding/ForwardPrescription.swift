internal import XinglinKit

/// `decoction.prescription.forward`
struct ForwardPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let toSite: String
        var note: String?
    }

    struct Reply: Codable, Sendable {
        let forwardingId: RecordID
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
    }

    static let name = "decoction.prescription.forward"
    static let summary = """
        Sends a prescription that nothing holds up but the stock here to the shared pharmacy of another site, once: it is reviewed, dispensed \
        and boiled there, and no longer here.
        """
    static let effect = Effect.write
    static let access = Access.roles([.doctor, .pharmacist])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription of the acting site that is not reviewed yet."),
        .required("toSite", .text(1...60), "The pharmacy's site by its code; decoction.pharmacy.list has them."),
        .optional("note", .text(1...200), "For the pharmacy. It is kept encrypted."))
    static let reply = Schema.object(
        .required("forwardingId", .id, "The forwarding."),
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "forwarded."),
        .required("stateZh", .text(1...20), "The same in Chinese."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, ForwardingFault.notForwardable,
        ForwardingFault.prescriptionOfAnotherSite, SharedFault.pharmacyUnknown, CatalogueFault.pieceOutOfUse,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site
        guard params.toSite != site.code else {
            throw Fault.invalid("/toSite", expected: "another site than the acting one", zh: "本机构以外的机构代码")
        }
        // Locked, so that who reviews, signs or sends it at the same time is before this or behind it.
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        try stored.requireOwn()
        guard ForwardingStore.sendable.contains(stored.state) else { throw stored.stateConflict }
        try Self.checkNothingHoldsUp(stored, call)
        let withdrawn = try call.db.query(
            DispensingGuard.withdrawn(stored.id, site: site.id), as: String.self)
        guard withdrawn.isEmpty else {
            throw CatalogueFault.pieceOutOfUse.fault(.array(withdrawn.map { ["pieceCode": .string($0)] }))
        }
        let id = call.newID()
        let people = try ForwardedPeople.read(of: stored, call)
        let new = ForwardingStore.New(
            id: id, prescription: stored.id, pharmacy: params.toSite,
            patientName: try call.seal(people.patientName, for: ForwardingColumns.patientName, row: id),
            patientIDs: people.patientIDs,
            prescriberName: try people.prescriberName.map {
                try call.seal($0, for: ForwardingColumns.prescriberName, row: id)
            },
            note: try params.note.map {
                try call.seal(PlainText.trimmed($0), for: ForwardingColumns.note, row: id)
            })
        let sent = try call.db.first(ForwardingStore.send(new, from: site, LotStore.Act(call)), as: RecordID.self)
        guard let pharmacy = sent else {
            throw SharedFault.pharmacyUnknown.fault(["toSite": .string(params.toSite)])
        }
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.concern(pharmacy, subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("forwardingId", .string(id.description))
        let forwarded = ForwardingTopic.Forwarded(forwardingId: id, prescriptionId: stored.id)
        try call.publish(ForwardingTopic.forwarded, subject: id, forwarded)
        try call.publish(ForwardingTopic.forwarded, at: pharmacy, subject: id, forwarded)
        return Reply(
            forwardingId: id, prescriptionId: stored.id, state: .forwarded,
            stateZh: PrescriptionState.forwarded.labelZh)
    }

    /// What the latest check found is signed, but for the stock: that is the pharmacy's.
    private static func checkNothingHoldsUp(_ stored: StoredPrescription, _ call: Call) throws {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(PrescriptionStore.findings(of: stored.id, check: stored.check, site: site)),
            Statement(PrescriptionStore.signatures(of: stored.id, site: site)),
        ])
        let demand = SignatureDemand(
            findings: try PrescriptionStore.findings(results[0]).filter { $0.rule != StockMustSuffice.id })
        let signed = demand.signed(by: try StoredSignature.read(results[1], call))
        guard demand.state(signed: signed) != .readyForReview else { return }
        let holding = demand.findings.filter { finding in
            finding.severity.holdsUp && !(finding.resolution.isSignable && signed.contains(finding.rule))
        }
        throw ForwardingFault.notForwardable.fault(.array(holding.map(\.json)))
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            forwardingId: Sample.forwarding, prescriptionId: Sample.prescription, state: .forwarded,
            stateZh: PrescriptionState.forwarded.labelZh)
        return Examples(
            full: (Params(prescriptionId: Sample.prescription, toSite: "county-01", note: "请代煎，送回本院"), reply),
            minimal: (Params(prescriptionId: Sample.prescription, toSite: "county-01"), reply))
    }
}
