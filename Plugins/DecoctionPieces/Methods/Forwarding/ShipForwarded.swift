internal import XinglinKit

/// `decoction.forwarded.ship`
struct ShipForwarded: RPCMethod {
    struct Params: Codable, Sendable {
        let forwardingId: RecordID
        let carrier: String
    }

    struct Reply: Codable, Sendable {
        let forwardingId: RecordID
        let state: ForwardingState
        let stateZh: String
        let dueOn: LocalDate
    }

    static let name = "decoction.forwarded.ship"
    static let summary = """
        Sends what was dispensed for another site's prescription, or boiled and given to a carrier, to that site, which hands it over; both sites \
        see it in transit. Nothing of it comes back to the stock.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        ForwardingStep.id, .required("carrier", .text(1...60), "Who brings it. It is kept encrypted."))
    static let reply = Schema.object(
        ForwardingMoved.fields + [
            .required("dueOn", .date, "By when it has to arrive (rule SHARED shipmentDueDays).")
        ])
    static let faults = [
        ForwardingFault.forwardingStateConflict, SharedFault.notDeliverable, SharedFault.deliveryExists,
        GuardFault.lotRecalled, RoomFault.dispenseAnew,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = params.forwardingId
        let act = try LotStore.Act(call)
        let due = try OrderStep.due(.shipmentDueDays, call)
        // Locked first, in a statement of its own: whoever returns, boils, delivers or hands it over is before this or behind it.
        guard
            let (made, patient) = try call.db.first(
                ForwardingStore.lockMade(id, site: act.site), as: (RecordID, RecordID).self)
        else { throw try ForwardingStep.refusal(of: id, sentHere: false, call) }
        // Who recalls a lot of it is done before, or marks it on its way (decoction.recall_forwarded).
        try call.db.execute(HindranceStore.keepLots(of: made, site: act.site))
        if let fault = try Hindrance.fault(of: made, call) { throw fault }
        let stored = try StoredPrescription.read(made, call)
        let way = ForwardingStore.Way(
            carrier: try call.seal(PlainText.trimmed(params.carrier), for: ForwardingColumns.carrier, row: id),
            dueOn: due.on, ruleVersion: due.version, totalFen: Bill.total(try Billing(stored, call).charged()))
        guard let sender = try call.db.first(ForwardingStore.ship(id, way, act), as: RecordID.self) else {
            throw try Self.refusal(of: id, made: made, call)
        }
        try Self.giveOut(made, act, call)
        call.recordAccess(basis: "treatment", subjects: [patient])
        call.note("prescriptionId", .string(made.description))
        try ForwardingStep.done(id, .inTransit, with: sender, of: patient, call)
        return Reply(
            forwardingId: id, state: .inTransit, stateZh: ForwardingState.inTransit.labelZh, dueOn: due.on)
    }

    /// With the carrier the pharmacy has given it out, where its decoction room had not.
    private static func giveOut(_ made: RecordID, _ act: LotStore.Act, _ call: Call) throws {
        let new = ReturnStore.HandOver(
            id: call.newID(), prescription: made, receivedBy: .courier, receiverName: nil, counselling: nil,
            staff: try Signing.own(call))
        guard try !call.db.rows(ReturnStore.handOver(new, act)).isEmpty else { return }
        try call.publish(
            DispensingTopic.handedOver, subject: made,
            PrescriptionTopic.Moved(prescriptionId: made, state: .handedOver))
    }

    private static func refusal(of id: RecordID, made: RecordID, _ call: Call) throws -> Fault {
        let refusal = try ForwardingStep.refusal(of: id, sentHere: false, call)
        let found = try call.db.first(
            ForwardingStore.state(id, site: call.site.id), as: (ForwardingState, Bool, RecordID, RecordID).self)
        guard found?.0 == .taken else { return refusal }
        let of = JSONValue.string(made.description)
        let delivery = try call.db.first(
            DeliveryStore.standing(made, site: call.site.id), as: RecordID.self)
        if let delivery {
            return SharedFault.deliveryExists.fault([
                "prescriptionId": of, "deliveryId": .string(delivery.description),
            ])
        }
        return SharedFault.notDeliverable.fault(["prescriptionId": of])
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(forwardingId: Sample.forwarding, carrier: "配送员"),
            reply: Reply(
                forwardingId: Sample.forwarding, state: .inTransit, stateZh: ForwardingState.inTransit.labelZh,
                dueOn: Sample.instant.localDate.adding(days: 3))
        )
        return Examples(full: example, minimal: example)
    }
}
