internal import XinglinKit

/// What review and dispensing add to the module.
enum DispensingPart {
    static let tables: [ModuleManifest.Table] = [
        .ledger("review"), .perSite("reservation"), .perSite("scale"), .ledger("calibration"),
        .ledger("weighing"), .ledger("dispensing"), .ledger("returned"), .ledger("hand_over"), .ledger("spot_check"),
    ]

    static var methods: [any RPCMethod] {
        [
            ReviewPrescription(),
            ReleasePrescription(),
            CreateScale(),
            CalibrateScale(),
            ListScales(),
            RecordWeighing(),
            DispensePrescription(),
            ReturnPrescription(),
            HandOverPrescription(),
            GetLabel(),
            ListQueue(),
            QueueWaiting(),
            RecordSpotCheck(),
            DueSpotChecks(),
        ]
    }

    static var jobs: [any ScheduledJob] { [ReservationLapse()] }
}
