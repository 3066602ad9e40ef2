internal import XinglinKit

/// Where a prescription was written that was taken over from another site, and by which forwarding it came.
struct Origin {
    let site: RecordID
    let forwarding: RecordID
}

/// What was judged where a prescription was written, and is not judged anew.
struct Carried {
    /// The patient's ids there, also those that were merged.
    let patientIDs: [RecordID]
    /// What RX-01 found there, with the version of the rule.
    let prescriberFindings: [Finding]

    /// - Parameters:
    ///   - patients: the ids between blanks, as `ForwardingStore.carried` gives them.
    ///   - findings: those of the latest check.
    init(patients: String, findings: [Finding]) {
        self.patientIDs = patients.split(separator: " ").compactMap { RecordID(String($0)) }
        self.prescriberFindings = findings.filter { $0.rule == PrescriberMustHaveTheRight.id }
    }
}

extension StoredPrescription {
    /// - Throws: `decoction.prescriptionOfAnotherSite`: it is its own doctor who signs, rewrites and withdraws it.
    func requireOwn() throws {
        guard self.origin != nil else { return }
        throw ForwardingFault.prescriptionOfAnotherSite.fault(["prescriptionId": .string(self.id.description)])
    }

    /// What came along with it; nil where it was written here.
    func carried(_ call: Call) throws -> Carried? {
        guard let origin = self.origin else { return nil }
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(ForwardingStore.carried(with: origin.forwarding, site: site)),
            Statement(PrescriptionStore.findings(of: self.id, check: self.check, site: site)),
        ])
        return try Carried(
            patients: ForwardingStore.patients(results[0]), findings: PrescriptionStore.findings(results[1]))
    }

    /// Tells the site that it came from how far it is, where it came from one.
    func tellOrigin(_ state: PrescriptionState, _ call: Call) throws {
        guard let origin = self.origin else { return }
        try Self.tell(origin, of: self.patient, state, call)
    }

    /// The same of a prescription of the acting site that was not read.
    static func tellOrigin(of prescription: RecordID, _ state: PrescriptionState, _ call: Call) throws {
        let found = try call.db.first(
            ForwardingStore.origin(of: prescription, site: call.site.id), as: (RecordID, RecordID, RecordID).self)
        guard let (forwarding, site, patient) = found else { return }
        try Self.tell(Origin(site: site, forwarding: forwarding), of: patient, state, call)
    }

    private static func tell(
        _ origin: Origin, of patient: RecordID, _ state: PrescriptionState, _ call: Call
    ) throws {
        call.concern(origin.site, subjects: [patient])
        call.note("forwardingId", .string(origin.forwarding.description))
        try call.publish(
            ForwardingTopic.progressed, at: origin.site, subject: origin.forwarding,
            ForwardingTopic.Progressed(forwardingId: origin.forwarding, state: state))
    }
}
