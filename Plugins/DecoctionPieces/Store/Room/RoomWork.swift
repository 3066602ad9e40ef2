internal import XinglinKit

/// What the decoction room has made of a dispensed prescription. The prescription is locked before.
struct RoomWork {
    /// The job that was not broken off.
    let job: RecordID?
    /// Whether the pieces got wet and were given up since they were dispensed.
    let isSpoilt: Bool
    private let prescription: RecordID

    init(_ prescription: RecordID, _ call: Call) throws {
        let found = try call.db.first(
            JobStore.hindrances(prescription, site: call.site.id), as: (RecordID?, Bool).self)
        self.job = found?.0
        self.isSpoilt = found?.1 ?? false
        self.prescription = prescription
    }

    /// - Throws: `decoction.jobExists`: what is being boiled is handed over by its job, and comes back only when that is broken off.
    func requireNoJob() throws {
        guard let job = self.job else { return }
        throw RoomFault.jobExists.fault([
            "prescriptionId": .string(self.prescription.description), "jobId": .string(job.description),
        ])
    }
}
