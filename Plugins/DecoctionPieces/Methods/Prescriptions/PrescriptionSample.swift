internal import XinglinKit

// Identifiers of the examples of prescriptions.
extension Sample {
    static let patient = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0031)
    static let staff = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0032)
    static let prescription = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0033)
    static let formerPrescription = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0034)
}

extension StoredPrescription {
    /// For the examples: every member that may be there.
    init(sample draft: PrescriptionDraft, lines: [Line]) {
        self.id = Sample.prescription
        self.patient = Sample.patient
        self.draft = draft
        self.illness = SubmissionParams.example.illness
        self.lines = lines
        self.issuedOn = Sample.instant.localDate
        self.supplyDays = 14
        self.state = .withdrawn
        self.check = 1
        self.keepUntil = Sample.instant.localDate.adding(days: 365)
        self.rewrites = Sample.formerPrescription
        self.reuses = Sample.formerPrescription
        self.withdrawnReason = "患者改约"
        self.createdAt = Sample.instant
        self.createdBy = Sample.account
        self.origin = nil
    }
}
