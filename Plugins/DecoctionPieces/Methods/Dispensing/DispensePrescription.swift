internal import XinglinKit

/// `decoction.prescription.dispense`
struct DispensePrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        var weighings: [Weighing]?
        let checkedByStaffId: RecordID
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
        let state: PrescriptionState
        let moves: [Move]
        let warnings: [WeighingSheet.Deviation]
    }

    static let name = "decoction.prescription.dispense"
    static let summary = """
        Dispenses an approved prescription: each piece of each dose weighed once on a calibrated scale, each dose within the tolerance, checked \
        by a second person; toxic and narcotic pieces take two persons who are known (8.4, RX-13). What was weighed is what is booked.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is approved or being dispensed."),
        .optional(
            "weighings", .array(.object(Weighing.fields), 0...32_000),
            "What the scales showed; for what is not given, what decoction.weighing.record recorded last."),
        .required(
            "checkedByStaffId", .id,
            "Who checked it: a pharmacist of the grade, not the dispenser (RX-13, 8.4)."))
    static let reply = Schema.object(
        .required("documentId", .id, "The document of the movements."),
        .required("state", .enumeration(PrescriptionState.codes), "dispensed."),
        .required(
            "moves",
            .array(
                .object(
                    .required("lotId", .id, "The lot."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("quantityMg", .integer(1...10_000_000_000), "What was taken from the lot.")),
                1...100_000),
            "What was taken, by piece and then in the order of issue."),
        .required(
            "warnings", .array(Self.deviation, 0...32_000),
            "The single pieces that are off by more than the tolerance, in doses that are within it."))
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, DispensingFault.prescriptionExpired,
        DispensingFault.staffNotEntitled,
        DispensingFault.scaleNotCalibrated, DispensingFault.weighingsIncomplete, DispensingFault.weightOutOfTolerance,
        DispensingFault.reservationLost, DecoctionFault.insufficientStock, CatalogueFault.pieceOutOfUse,
        GuardFault.weighingsVoid, LedgerFault.periodClosed,
    ]

    static let deviation = Schema.object(
        .required("dose", .integer(1...400), "Which dose."),
        .optional("pieceCode", .code(1...20), "The piece."),
        .required("prescribedMg", .integer(1...100_000_000), "What was prescribed, in milligrams."),
        .required("netMg", .integer(1...100_000_000), "What was weighed."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        guard [.approved, .dispensing].contains(stored.state) else { throw stored.stateConflict }
        let outcome = try Dispensing(stored, call).run(
            params.weighings ?? [], checkedBy: params.checkedByStaffId)
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        call.note("prescriptionId", .string(stored.id.description))
        call.note("documentId", .string(outcome.document.description))
        call.note("checkedBy", .string(params.checkedByStaffId.description))
        try call.publish(
            DispensingTopic.dispensed, subject: stored.id,
            DispensingTopic.Dispensed(
                prescriptionId: stored.id, documentId: outcome.document, quantityMg: outcome.weighedMg))
        try call.publish(
            DecoctionTopic.stockIssued, subject: outcome.document,
            DecoctionTopic.StockIssued(
                documentId: outcome.document, moves: outcome.moves.count, quantityMg: outcome.weighedMg))
        try stored.tellOrigin(.dispensed, call)
        return Reply(
            documentId: outcome.document, state: .dispensed, moves: outcome.moves, warnings: outcome.warnings)
    }

    static var examples: Examples<Params, Reply> {
        let move = Move(lotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 42_180)
        let warning = WeighingSheet.Deviation(dose: 3, pieceCode: "XLYP0001", prescribedMg: 6000, netMg: 6310)
        return Examples(
            full: (
                Params(
                    prescriptionId: Sample.prescription, weighings: [.example], checkedByStaffId: Sample.checker),
                Reply(documentId: Sample.document, state: .dispensed, moves: [move], warnings: [warning])
            ),
            minimal: (
                Params(prescriptionId: Sample.prescription, checkedByStaffId: Sample.checker),
                Reply(documentId: Sample.document, state: .dispensed, moves: [move], warnings: [])
            ))
    }
}
