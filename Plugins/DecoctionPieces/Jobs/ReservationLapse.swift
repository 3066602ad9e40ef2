internal import XinglinKit

/// `decoction.reservationLapse`: what was reserved for a prescription that nobody dispensed in time is free again.
struct ReservationLapse: ScheduledJob {
    static let name = "decoction.reservationLapse"
    static let summary = LocalizedText(
        zh: "释放逾期未调剂处方的预留库存", en: "Lets go of what is reserved for prescriptions that were not dispensed in time")
    static let schedule = "*/10 * * * *"

    private static let portion = 100

    func run(_ call: Call, scheduledFor: Timestamp) throws -> JobResult {
        let site = try call.site.id
        let lapsed = try call.db.query(
            ReservationStore.lapsed(at: call.now, site: site, limit: Self.portion), as: RecordID.self)
        guard !lapsed.isEmpty else { return .done(["prescriptions": 0]) }
        try call.db.batch([
            Statement(ReservationStore.release(lapsed, as: .lapsed, site: site, at: call.now)),
            Statement(
                ReservationStore.reopen(lapsed, site: site, by: ReservationStore.nobody, at: call.now),
                .rows(lapsed.count)),
        ])
        for id in lapsed {
            try call.publish(
                DispensingTopic.released, subject: id,
                PrescriptionTopic.Moved(prescriptionId: id, state: .readyForReview))
        }
        let counts = ["prescriptions": lapsed.count]
        return lapsed.count == Self.portion ? .unfinished(counts) : .done(counts)
    }
}
