internal import XinglinKit

/// Lets go of what is reserved of recalled lots; the prescriptions wait for another review. The lots are blocked before, so nobody
/// reserves of them or takes of them meanwhile.
struct RecallRelease {
    let lot: RecordID
    /// Also of every other lot of its batch at the site.
    let wholeBatch: Bool
    let pieceCode: String

    func run(_ act: LotStore.Act, _ call: Call) throws {
        let waiting = try call.db.query(
            ReservationStore.holding(self.lot, wholeBatch: self.wholeBatch, site: act.site), as: RecordID.self)
        guard !waiting.isEmpty else { return }
        let rules = try PharmacyRules.book(call.db.rows(PharmacyRules.table.valid(on: call.today, site: act.site)))
        let finding = Finding(
            rule: StockMustSuffice.id, severity: .warn, pieces: [self.pieceCode],
            textZh: "为本方预留的批次已召回，预留已释放，须重新审方",
            textEn: "A lot that was reserved for it was recalled: the reservation was let go, and it is reviewed again",
            resolution: .review, ruleVersion: rules.version(of: StockMustSuffice.id))
        try call.db.batch([
            Statement(ReservationStore.release(waiting, as: .recalled, site: act.site, at: act.now), .atLeastOne),
            Statement(
                ReservationStore.reopen(waiting, site: act.site, by: act.account, at: act.now), .rows(waiting.count)),
            Statement(RecallStore.tell(waiting, finding, site: act.site, on: call.today), .rows(waiting.count)),
        ])
        for id in waiting {
            try call.publish(
                DispensingTopic.released, subject: id,
                PrescriptionTopic.Moved(prescriptionId: id, state: .readyForReview))
            try StoredPrescription.tellOrigin(of: id, .readyForReview, call)
        }
    }
}
