internal import XinglinKit

/// `decoction.order.receive`
struct ReceiveOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let orderId: RecordID
        let lines: [Counted]
    }

    /// What came of a lot of the sender.
    struct Counted: Codable, Sendable {
        let lotId: RecordID
        let quantityMg: Int64
    }

    struct Reply: Codable, Sendable {
        let orderId: RecordID
        let state: OrderState
        let documentId: RecordID
        let lots: [Arrived]
        let claims: [Claimed]
    }

    struct Arrived: Codable, Sendable {
        let lotId: RecordID
        let sentLotId: RecordID
        let pieceCode: String
        let quantityMg: Int64
        let state: LotState
    }

    struct Claimed: Codable, Sendable {
        let claimId: RecordID
        let sentLotId: RecordID
        let pieceCode: String
        let quantityMg: Int64
    }

    static let name = "decoction.order.receive"
    static let summary = """
        Books what came of a shipment, once, as it was counted lot by lot: into quarantine, where it is accepted like any receipt \
        (PC-02). What is missing becomes a claim on the sender.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        OrderStep.id,
        .required(
            "lines",
            .array(
                .object(
                    .required("lotId", .id, "A lot of the sender that is in transit."),
                    .required(
                        "quantityMg", .integer(0...10_000_000_000),
                        "What came of it, in milligrams; 0 where nothing did.")),
                1...2000), "What was counted, of every lot that is in transit on the order."))
    static let reply = Schema.object(
        OrderStep.id,
        .required("state", .enumeration(OrderState.codes), "received."),
        .required("documentId", .id, "The document of the movements."),
        .required(
            "lots",
            .array(
                .object(
                    .required("lotId", .id, "The new lot."), .required("sentLotId", .id, "The sender's lot."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("quantityMg", .integer(OrderStep.quantity), "What came."),
                    .required(
                        "state", .enumeration(LotState.codes),
                        "quarantined; recalled where the sender recalled it on its way.")),
                0...2000), "The new lots, in the order of the lines."),
        .required(
            "claims",
            .array(
                .object(
                    .required("claimId", .id, "The claim."), .required("sentLotId", .id, "The sender's lot."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("quantityMg", .integer(OrderStep.quantity), "What is missing.")),
                0...2000), "The claims that this opened."))
    static let faults = [
        SharedFault.orderStateConflict, SharedFault.receivedMoreThanShipped, SharedFault.shipmentNotCounted,
        GuardFault.senderUnlikeSupplier,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        guard let sender = try call.db.first(ShippingStore.receive(params.orderId, act), as: (String, String).self)
        else { throw try OrderStep.refusal(of: params.orderId, placedHere: true, call) }
        try self.check(params.lines, against: call.db.query(ShippingStore.inTransit(params.orderId, act)))
        let supplier = try Self.supplier(of: params.orderId, nameZh: sender.0, licence: sender.1, act, call)
        let document = call.newID()
        let counts = params.lines.map {
            ShippingStore.Count(lot: $0.lotId, quantityMg: $0.quantityMg, newLot: call.newID(), claim: call.newID())
        }
        let booked = try call.db.query(
            ShippingStore.book(
                counts, of: params.orderId, from: supplier, document: document, reason: "自\(sender.0)调入", act),
            as: (RecordID, RecordID, RecordID, String, Int64, Int64).self)
        guard booked.count == counts.count else { throw HostFault.conflict.fault() }
        // What the sender recalled on its way has arrived recalled (decoction.recall_received).
        let recalls = try Dictionary(
            call.db.query(
                RecallStore.recalled(among: counts.map(\.newLot), site: act.site), as: (RecordID, RecordID).self
            ).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        let reply = Reply(
            orderId: params.orderId, state: .received, documentId: document,
            lots: booked.filter { $0.4 > 0 }.map {
                Arrived(
                    lotId: $0.1, sentLotId: $0.0, pieceCode: $0.3, quantityMg: $0.4,
                    state: recalls[$0.1] == nil ? .quarantined : .recalled)
            },
            claims: booked.filter { $0.5 > 0 }.map {
                Claimed(claimId: $0.2, sentLotId: $0.0, pieceCode: $0.3, quantityMg: $0.5)
            })
        try Self.publish(reply, recalls, call)
        return reply
    }

    /// Every lot in transit was counted, once, and none has more than is in transit.
    private func check(_ lines: [Counted], against transit: [(RecordID, String, Int64)]) throws {
        var seen: Set<RecordID> = []
        for (index, line) in lines.enumerated() where !seen.insert(line.lotId).inserted {
            throw Fault.invalid("/lines/\(index)/lotId", expected: "each lot on one line", zh: "每个批次只列一行")
        }
        let most = Dictionary(uniqueKeysWithValues: transit.map { ($0.0, $0.2) })
        let excess = lines.filter { most[$0.lotId] == nil || $0.quantityMg > most[$0.lotId] ?? 0 }
        guard excess.isEmpty else {
            throw SharedFault.receivedMoreThanShipped.fault(
                .array(
                    excess.map {
                        ["lotId": .string($0.lotId.description), "inTransitMg": .integer(most[$0.lotId] ?? 0)]
                    }))
        }
        let missing = transit.filter { !seen.contains($0.0) }
        guard missing.isEmpty else {
            throw SharedFault.shipmentNotCounted.fault(
                .array(
                    missing.map {
                        [
                            "lotId": .string($0.0.description), "pieceCode": .string($0.1),
                            "inTransitMg": .integer($0.2),
                        ]
                    }))
        }
    }

    /// The shared pharmacy among the site's suppliers, by its licence (PC-01); another supplier of the same licence is not it.
    private static func supplier(
        of order: RecordID, nameZh: String, licence: String, _ act: LotStore.Act, _ call: Call
    ) throws -> RecordID {
        let new = SupplierStore.New(id: call.newID(), nameZh: nameZh, licence: licence)
        let results = try call.db.batch([
            Statement(SupplierStore.createMissing([new], act)),
            Statement(SenderStore.supplier(of: order, site: act.site), .rows(1)),
        ])
        let found = try results[1].first(as: (RecordID, Bool).self)
        guard let found else { throw HostFault.conflict.fault() }
        guard found.1 else {
            throw GuardFault.senderUnlikeSupplier.fault([
                "orderId": .string(order.description), "supplierId": .string(found.0.description),
            ])
        }
        return found.0
    }

    private static func publish(_ reply: Reply, _ recalls: [RecordID: RecordID], _ call: Call) throws {
        for lot in reply.lots {
            try call.publish(
                DecoctionTopic.lotReceived, subject: lot.lotId,
                DecoctionTopic.LotReceived(
                    lotId: lot.lotId, pieceCode: lot.pieceCode, quantityMg: lot.quantityMg, isOpening: false))
            guard let recall = recalls[lot.lotId] else { continue }
            try call.publish(
                CareTopic.lotRecalledBySupplier, subject: lot.lotId,
                CareTopic.LotRecalledBySupplier(lotId: lot.lotId, recallId: recall, pieceCode: lot.pieceCode))
        }
        for claim in reply.claims {
            try call.publish(
                SharedTopic.claimMoved, subject: claim.claimId,
                SharedTopic.ClaimMoved(claimId: claim.claimId, orderId: reply.orderId, state: .open))
        }
        call.note("documentId", .string(reply.documentId.description))
        call.note("claims", .integer(Int64(reply.claims.count)))
        _ = try OrderStep.done(reply.orderId, .received, call)
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(orderId: Sample.order, lines: [Counted(lotId: Sample.lot, quantityMg: 1_990_000)])
        let lot = Arrived(
            lotId: Sample.arrivedLot, sentLotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 1_990_000,
            state: .quarantined)
        let claim = Claimed(
            claimId: Sample.claim, sentLotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 10_000)
        func reply(_ lots: [Arrived], _ claims: [Claimed]) -> Reply {
            Reply(
                orderId: Sample.order, state: .received, documentId: Sample.document, lots: lots, claims: claims)
        }
        return Examples(full: (params, reply([lot], [claim])), minimal: (params, reply([lot], [])))
    }
}
