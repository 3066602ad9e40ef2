internal import XinglinKit

/// The encrypted columns of prescriptions: what the patient suffers from, and every text that a person typed.
enum PrescriptionColumns {
    static let diagnosis = SealedColumn("prescription", "diagnosis", key: "prescription_id")
    static let syndrome = SealedColumn("prescription", "syndrome", key: "prescription_id")
    static let kindReason = SealedColumn("prescription", "kind_reason", key: "prescription_id")
    static let allergies = SealedColumn("prescription", "allergies", key: "prescription_id")
    static let pregnant = SealedColumn("prescription", "pregnant", key: "prescription_id")
    static let withdrawnReason = SealedColumn("prescription", "withdrawn_reason", key: "prescription_id")
    static let signatureReason = SealedColumn("prescription_signature", "reason", key: "signature_id")
    static let signatureAnswer = SealedColumn("prescription_signature", "answer", key: "signature_id")

    static let all = [
        diagnosis, syndrome, kindReason, allergies, pregnant, withdrawnReason, signatureReason, signatureAnswer,
    ]
}

/// The sealed part of a prescription.
struct SealedPrescription {
    let diagnosis: SQLBytes
    let syndrome: SQLBytes
    let kindReason: SQLBytes?
    /// One a line; empty where the patient has none.
    let allergies: SQLBytes?
    let pregnant: SQLBytes?

    init(
        diagnosis: SQLBytes, syndrome: SQLBytes, kindReason: SQLBytes? = nil, allergies: SQLBytes? = nil,
        pregnant: SQLBytes? = nil
    ) {
        self.diagnosis = diagnosis
        self.syndrome = syndrome
        self.kindReason = kindReason
        self.allergies = allergies
        self.pregnant = pregnant
    }

    init(_ draft: PrescriptionDraft, _ illness: Illness, of id: RecordID, _ call: Call) throws {
        typealias Columns = PrescriptionColumns
        self.diagnosis = try call.seal(illness.diagnosis, for: Columns.diagnosis, row: id)
        self.syndrome = try call.seal(illness.syndrome, for: Columns.syndrome, row: id)
        self.kindReason = try draft.kindReason.map { try call.seal($0, for: Columns.kindReason, row: id) }
        self.allergies = try draft.patient.allergies.map {
            try call.seal($0.joined(separator: "\n"), for: Columns.allergies, row: id)
        }
        self.pregnant = try draft.patient.pregnant.map { try call.seal($0.rawValue, for: Columns.pregnant, row: id) }
    }
}

/// What the patient suffers from.
struct Illness: Equatable {
    let diagnosis: String
    let syndrome: String
}
