internal import XinglinKit

/// RX-02 once more when a prescription is weighed and dispensed: its validity does not move with what is reserved for it. What was begun
/// while it was valid, as before midnight, may be finished until the hours of its first weighing are over.
struct DispensingValidity {
    let issuedOn: LocalDate
    /// Whether a doctor has signed for a longer validity.
    let isExtended: Bool
    /// Until when a weighing that has begun may be finished; nil where nothing is weighed.
    let weighingEndsAt: Timestamp?

    /// - Throws: `decoction.prescriptionExpired`.
    func check(_ prescription: RecordID, at now: Timestamp, _ rules: RuleBook) throws(Fault) {
        let days = try rules.number(self.isExtended ? .extendedValidityDays : .validityDays)
        let until = self.issuedOn.adding(days: Int(days) - 1)
        if now.localDate <= until { return }
        if let end = self.weighingEndsAt, now < end { return }
        throw DispensingFault.prescriptionExpired.fault([
            "prescriptionId": .string(prescription.description), "rule": "RX-02",
            "issuedOn": .string(self.issuedOn.description), "validUntil": .string(until.description),
        ])
    }
}
