internal import XinglinKit

/// `decoction.weighing.record`
struct RecordWeighing: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        let weighing: Weighing

        init(_ prescription: RecordID, _ weighing: Weighing) {
            self.prescriptionId = prescription
            self.weighing = weighing
        }

        init(from decoder: any Decoder) throws {
            self.prescriptionId = try decoder.container(keyedBy: Key.self)
                .decode(RecordID.self, forKey: .prescriptionId)
            self.weighing = try Weighing(from: decoder)
        }

        func encode(to encoder: any Encoder) throws {
            try self.weighing.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(self.prescriptionId, forKey: .prescriptionId)
        }

        private enum Key: String, CodingKey { case prescriptionId }
    }

    struct Reply: Codable, Sendable {
        let state: PrescriptionState
        let netMg: Int64
        let left: Int
        var warning: WeighingSheet.Deviation?
    }

    static let name = "decoction.weighing.record"
    static let summary = """
        Records what a scale showed for one piece of one dose, so that nothing is lost before the whole is dispensed; the same piece weighed \
        again replaces what was recorded (8.4).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .integrator])
    static let params = Schema.object(
        [.required("prescriptionId", .id, "A prescription that is approved or being dispensed.")] + Weighing.fields)
    static let reply = Schema.object(
        .required("state", .enumeration(PrescriptionState.codes), "dispensing."),
        .required("netMg", .integer(1...100_000_000), "The weight without the vessel."),
        .required("left", .integer(0...32_000), "How many weighings are still missing."),
        .optional(
            "warning", DispensePrescription.deviation, "Where the piece is off by more than the tolerance."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, DispensingFault.prescriptionExpired,
        DispensingFault.staffNotEntitled,
        DispensingFault.scaleNotCalibrated, DispensingFault.weighingsIncomplete,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        guard [.approved, .dispensing].contains(stored.state) else { throw stored.stateConflict }
        let dispensing = try Dispensing(stored, call)
        try dispensing.check(params.weighing)
        try dispensing.keep(params.weighing)
        let progress = try dispensing.progress(after: params.weighing)
        call.note("prescriptionId", .string(stored.id.description))
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        return Reply(
            state: .dispensing, netMg: params.weighing.netMg, left: progress.left, warning: progress.warning)
    }

    static var examples: Examples<Params, Reply> {
        let warning = WeighingSheet.Deviation(dose: 1, pieceCode: "XLYP0001", prescribedMg: 5700, netMg: 6040)
        let params = Params(Sample.prescription, .example)
        return Examples(
            full: (params, Reply(state: .dispensing, netMg: 6040, left: 41, warning: warning)),
            minimal: (params, Reply(state: .dispensing, netMg: 6040, left: 0)))
    }
}
