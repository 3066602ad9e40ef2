internal import XinglinKit

/// `decoction.delivery.handOver`
struct HandOverDelivery: RPCMethod {
    struct Params: Codable, Sendable {
        let deliveryId: RecordID
        let receivedBy: String
        let relation: ReceiverRelation
        let at: Timestamp
        var signatureFileId: RecordID?
    }

    struct Reply: Codable, Sendable {
        let deliveryId: RecordID
        let state: DeliveryState
    }

    static let name = "decoction.delivery.handOver"
    static let summary =
        "Records who signed for a delivery and when, once; a dispensed prescription is then handed over."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .nurse, .doctor])
    static let params = Schema.object(
        DeliveryStep.id,
        .required("receivedBy", .text(1...60), "Who signed. It is kept encrypted."),
        .required("relation", .enumeration(ReceiverRelation.codes), "What that person is to the patient."),
        .required("at", .timestamp, "When: after it set out, and not in the future."),
        .optional("signatureFileId", .id, "The picture of the signature, a finished file of the caller."))
    static let reply = Schema.object(DeliveryStep.id, DeliveryStep.state)
    static let faults = [SharedFault.deliveryStateConflict, GuardFault.lotRecalled]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = params.deliveryId
        guard params.at <= call.now else {
            throw Fault.invalid("/at", expected: "a time that is not in the future", zh: "不晚于现在的时间")
        }
        let act = try LotStore.Act(call)
        let taken = DeliveryStore.HandOver(
            receivedBy: try call.seal(PlainText.trimmed(params.receivedBy), for: DeliveryColumns.receivedBy, row: id),
            relation: params.relation, at: params.at, file: params.signatureFileId)
        let ended = try call.db.rows(DeliveryStore.handOver(id, taken, act))
        guard ended.count == 1 else { throw try DeliveryStep.refusal(of: id, call) }
        if let file = params.signatureFileId {
            try call.files.reference(
                file, by: "delivery", record: id, readableBy: ListDeliveries.name, basis: "treatment")
        }
        if let delivered = try ended.first(as: RecordID?.self), let prescription = delivered {
            try Self.handOver(prescription, to: params, act, call)
            try DeliveryStep.recordAccess(to: prescription, call)
        }
        try DeliveryStep.done(id, .handedOver, call)
        return Reply(deliveryId: id, state: .handedOver)
    }

    /// The prescription is with the patient. One that a job of the decoction room gave to a carrier was handed over with it.
    private static func handOver(
        _ prescription: RecordID, to taken: Params, _ act: LotStore.Act, _ call: Call
    ) throws {
        let id = call.newID()
        let new = ReturnStore.HandOver(
            id: id, prescription: prescription, receivedBy: taken.relation.receiver,
            receiverName: try call.seal(
                PlainText.trimmed(taken.receivedBy), for: DispensingColumns.receiverName, row: id),
            counselling: nil, staff: try Signing.own(call))
        guard try !call.db.rows(ReturnStore.handOver(new, act)).isEmpty else {
            if let fault = try Hindrance.fault(of: prescription, call) { throw fault }
            return
        }
        try call.publish(
            DispensingTopic.handedOver, subject: prescription,
            PrescriptionTopic.Moved(prescriptionId: prescription, state: .handedOver))
        try StoredPrescription.tellOrigin(of: prescription, .handedOver, call)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(deliveryId: Sample.delivery, state: .handedOver)
        func params(_ file: RecordID?) -> Params {
            Params(
                deliveryId: Sample.delivery, receivedBy: "签收人", relation: .family, at: Sample.instant,
                signatureFileId: file)
        }
        return Examples(full: (params(Sample.file), reply), minimal: (params(nil), reply))
    }
}
