internal import XinglinKit

/// `decoction.prescription.handOver`
struct HandOverPrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        var receivedBy: Receiver?
        var receiverName: String?
        var counselling: String?
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
        let stateZh: String
        let handedOverAt: Timestamp
        var totalFen: Int64?
        var unpriced: [String]?
    }

    static let name = "decoction.prescription.handOver"
    static let summary = """
        Hands a dispensed prescription over, with what the receiver was told about boiling and taking it. From then on nothing of it comes back \
        to the stock. What the decoction room boils is handed over by its job; what it spoilt, and what has something of a recalled lot, is returned and dispensed \
        anew.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("prescriptionId", .id, "A prescription that is dispensed."),
        .optional("receivedBy", .enumeration(Receiver.codes), "Who takes it; the patient unless told."),
        .optional("receiverName", .text(1...60), "The name of who takes it for the patient. It is kept encrypted."),
        .optional(
            "counselling", .text(1...500),
            "What was told beyond the label on boiling, taking and precautions. It is kept encrypted."))
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "handedOver."),
        .required("stateZh", .text(1...20), "The same in Chinese."),
        .required("handedOverAt", .timestamp, "When."),
        .optional(
            "totalFen", .integer(0...1_000_000_000_000_000),
            "What it costs, in fen, by the pharmacy that dispensed it; absent where a price is missing (8.4)."),
        .optional(
            "unpriced", .array(.text(1...20), 1...100), "The pieces and fees without a price; they are not taken as 0.")
    )
    static let faults = [
        PrescriptionFault.prescriptionStateConflict, DispensingFault.staffNotEntitled, RoomFault.jobExists,
        SharedFault.deliveryExists, RoomFault.dispenseAnew, GuardFault.lotRecalled,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = call.newID()
        let act = try LotStore.Act(call)
        let staff = try PharmacyStaff(call: call).caller(as: .dispenser, least: nil)
        let new = ReturnStore.HandOver(
            id: id, prescription: params.prescriptionId, receivedBy: params.receivedBy ?? .patient,
            receiverName: try params.receiverName.map {
                try call.seal(PlainText.trimmed($0), for: DispensingColumns.receiverName, row: id)
            },
            counselling: try params.counselling.map {
                try call.seal(PlainText.trimmed($0), for: DispensingColumns.counselling, row: id)
            }, staff: staff?.staffID)
        let stored = try StoredPrescription.read(params.prescriptionId, locking: true, call)
        if [.dispensed, .arrived].contains(stored.state) {
            try RoomWork(stored.id, call).requireNoJob()
            try DeliveryStep.requireNone(of: stored.id, call)
        }
        guard let patient = try call.db.first(ReturnStore.handOver(new, act), as: RecordID.self) else {
            guard [.dispensed, .arrived].contains(stored.state) else { throw stored.stateConflict }
            throw try Hindrance.fault(of: stored.id, call) ?? stored.stateConflict
        }
        call.recordAccess(basis: "treatment", subjects: [patient])
        call.note("prescriptionId", .string(params.prescriptionId.description))
        try call.publish(
            DispensingTopic.handedOver, subject: params.prescriptionId,
            PrescriptionTopic.Moved(prescriptionId: params.prescriptionId, state: .handedOver))
        try stored.tellOrigin(.handedOver, call)
        let billing = Billing(stored, call)
        let elsewhere = try billing.elsewhere()
        let charged = try elsewhere == nil ? billing.charged() : []
        let unpriced = PricePrescription.missing(charged).map(\.nameZh)
        return Reply(
            prescriptionId: params.prescriptionId, state: .handedOver, stateZh: PrescriptionState.handedOver.labelZh,
            handedOverAt: act.now, totalFen: elsewhere.map(\.totalFen) ?? Bill.total(charged),
            unpriced: unpriced.isEmpty ? nil : unpriced)
    }

    static var examples: Examples<Params, Reply> {
        func reply(_ fen: Int64?, _ unpriced: [String]?) -> Reply {
            Reply(
                prescriptionId: Sample.prescription, state: .handedOver,
                stateZh: PrescriptionState.handedOver.labelZh, handedOverAt: Sample.instant, totalFen: fen,
                unpriced: unpriced)
        }
        return Examples(
            full: (
                Params(
                    prescriptionId: Sample.prescription, receivedBy: .family, receiverName: "患者家属",
                    counselling: "先煎药先煮三十分钟，早晚饭后温服"), reply(1_757, ["桂枝"])
            ), minimal: (Params(prescriptionId: Sample.prescription), reply(nil, nil)))
    }
}
