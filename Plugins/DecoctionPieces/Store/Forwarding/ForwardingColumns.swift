internal import XinglinKit

/// The encrypted columns of forwardings: who the patient and the prescriber are, and every text that a person typed.
enum ForwardingColumns {
    static let patientName = SealedColumn("forwarding", "patient_name", key: "forwarding_id")
    static let prescriberName = SealedColumn("forwarding", "prescriber_name", key: "forwarding_id")
    static let note = SealedColumn("forwarding", "note", key: "forwarding_id")
    static let refusal = SealedColumn("forwarding", "refusal", key: "forwarding_id")
    static let carrier = SealedColumn("forwarding", "carrier", key: "forwarding_id")

    static let all = [patientName, prescriberName, note, refusal, carrier]
}
