internal import XinglinKit

/// `decoction.delivery.create`
struct CreateDelivery: RPCMethod {
    struct Params: Codable, Sendable {
        var prescriptionId: RecordID?
        var documentId: RecordID?
        let villageZh: String
        let carrier: String
    }

    struct Reply: Codable, Sendable {
        let deliveryId: RecordID
        let state: DeliveryState
        let dueOn: LocalDate
    }

    static let name = "decoction.delivery.create"
    static let summary =
        "Sends a dispensed prescription, or stock that was issued, to a village, where somebody signs for it."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .optional(
            "prescriptionId", .id,
            "A prescription of the acting site, dispensed and not being boiled, or whose job is delivered; or documentId."
        ),
        .optional(
            "documentId", .id,
            "A document with which the acting site issued stock, no dispensing and not taken back; or prescriptionId."),
        .required("villageZh", .text(1...100), "Where to. It is kept encrypted."),
        .required("carrier", .text(1...60), "Who brings it. It is kept encrypted."))
    static let reply = Schema.object(
        .required("deliveryId", .id, "The delivery."),
        .required("state", .enumeration(DeliveryState.codes), "onTheWay."),
        .required("dueOn", .date, "By when it has to be handed over (rule SHARED deliveryDueDays)."))
    static let faults = [
        SharedFault.notDeliverable, SharedFault.deliveryExists, RoomFault.dispenseAnew, GuardFault.lotRecalled,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard (params.prescriptionId == nil) != (params.documentId == nil) else {
            throw Fault.invalid(
                "/prescriptionId", expected: "either prescriptionId or documentId",
                zh: "prescriptionId 与 documentId 二者填一")
        }
        let id = call.newID()
        let act = try LotStore.Act(call)
        let due = try OrderStep.due(.deliveryDueDays, call)
        let new = DeliveryStore.New(
            id: id, prescription: params.prescriptionId, document: params.documentId,
            village: try call.seal(PlainText.trimmed(params.villageZh), for: DeliveryColumns.village, row: id),
            carrier: try call.seal(PlainText.trimmed(params.carrier), for: DeliveryColumns.carrier, row: id),
            dueOn: due.on, ruleVersion: due.version)
        // Locked first, in a statement of its own: whoever returns, boils or hands it over is before this or behind it.
        if let prescription = params.prescriptionId {
            try call.db.execute(JobStore.lockPrescription(prescription, site: act.site))
        }
        if let document = params.documentId { try call.db.execute(HindranceStore.lockDocument(document)) }
        guard try call.db.execute(DeliveryStore.create(new, act)) == 1 else {
            throw try Self.refusal(of: params, call)
        }
        if let prescription = params.prescriptionId {
            try DeliveryStep.recordAccess(to: prescription, call)
        }
        try DeliveryStep.done(id, .onTheWay, call)
        return Reply(deliveryId: id, state: .onTheWay, dueOn: due.on)
    }

    private static func refusal(of params: Params, _ call: Call) throws -> Fault {
        if let document = params.documentId {
            return try Hindrance.recalled(nil, document: document, call) ?? Hindrance.undeliverable(document, call)
        }
        if let fault = try Hindrance.fault(of: params.prescriptionId, call) { return fault }
        return SharedFault.notDeliverable.fault([
            "prescriptionId": params.prescriptionId.map { .string($0.description) } ?? .null
        ])
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            deliveryId: Sample.delivery, state: .onTheWay, dueOn: Sample.instant.localDate.adding(days: 1))
        return Examples(
            full: (
                Params(prescriptionId: Sample.prescription, villageZh: "示例村", carrier: "配送员"), reply
            ), minimal: (Params(documentId: Sample.document, villageZh: "示例村卫生室", carrier: "配送员"), reply))
    }
}

/// What the steps of a delivery share.
enum DeliveryStep {
    static let id = Schema.Field.required("deliveryId", .id, "The delivery.")
    static let state = Schema.Field.required("state", .enumeration(DeliveryState.codes), "Where it stands now.")

    /// Notes and publishes the new state.
    static func done(_ id: RecordID, _ state: DeliveryState, _ call: Call) throws {
        call.note("deliveryId", .string(id.description))
        call.note("state", .string(state.rawValue))
        try call.publish(
            SharedTopic.deliveryMoved, subject: id, SharedTopic.DeliveryMoved(deliveryId: id, state: state))
    }

    /// - Throws: `decoction.deliveryExists`: what is on its way is neither boiled, returned nor handed over here. The prescription is
    ///   locked before.
    static func requireNone(of prescription: RecordID, _ call: Call) throws {
        let found = try call.db.first(
            DeliveryStore.onTheWay(prescription, site: call.site.id), as: RecordID.self)
        guard let delivery = found else { return }
        throw SharedFault.deliveryExists.fault([
            "prescriptionId": .string(prescription.description), "deliveryId": .string(delivery.description),
        ])
    }

    static func recordAccess(to prescription: RecordID, _ call: Call) throws {
        let site = try call.site.id
        let patient = try call.db.first(DeliveryStore.patient(of: prescription, site: site), as: RecordID.self)
        call.recordAccess(basis: "treatment", subjects: patient.map { [$0] } ?? [])
    }

    /// Why a delivery could not be ended.
    static func refusal(of id: RecordID, _ call: Call) throws -> Fault {
        let found = try call.db.first(
            DeliveryStore.state(id, site: call.site.id), as: (DeliveryState, Timestamp).self)
        guard let (state, _) = found else {
            return HostFault.notFound.fault(["deliveryId": .string(id.description)])
        }
        if state == .onTheWay,
            let (prescription, document) = try call.db.first(
                HindranceStore.subject(of: id, site: call.site.id), as: (RecordID?, RecordID?).self),
            let fault = try Hindrance.recalled(prescription, document: document, call)
        {
            return fault
        }
        guard state != .onTheWay else {
            return Fault.invalid("/at", expected: "a time after it set out", zh: "配送出发之后的时间")
        }
        return SharedFault.deliveryStateConflict.fault([
            "deliveryId": .string(id.description), "state": .string(state.rawValue),
        ])
    }
}
