internal import XinglinKit

/// `decoction.lot.dispose`
struct DisposeLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        var quantityMg: Int64?
        let reason: String
        var locationId: RecordID?
        var bookedOn: LocalDate?
        var confirmedByStaffId: RecordID?
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
        let lotId: RecordID
        let quantityMg: Int64
        let onHandMg: Int64
    }

    static let name = "decoction.lot.dispose"
    static let summary = """
        Takes stock out of a lot to destroy it or send it back: the only way out for a lot that is expired, rejected or \
        not accepted (PC-02).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("lotId", .id, "A lot in any state."),
        .optional(
            "quantityMg", .integer(1...10_000_000_000), "How much, in milligrams; all that is left there unless told."),
        .required("reason", .text(1...200), "Why."),
        .optional("locationId", .id, "Where it lies; in the main store unless told."), Booking.field,
        ToxicDocument.field)
    static let reply = Schema.object(
        .required("documentId", .id, "The document of the movement."),
        .required("lotId", .id, "The lot."),
        .required("quantityMg", .integer(1...10_000_000_000), "What was taken out."),
        .required("onHandMg", .integer(0...10_000_000_000), "What is left."))
    static let faults = [
        DecoctionFault.insufficientStock, LedgerFault.periodClosed, DispensingFault.staffNotEntitled,
        GuardFault.notThereThen,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let document = call.newID()
        let act = try LotStore.Act(call, bookedOn: Booking.day(params.bookedOn, call))
        let (quantityMg, reason) = (params.quantityMg ?? 0, PlainText.trimmed(params.reason))
        let place = params.locationId ?? act.site
        if place != act.site { try call.db.execute(ReservationStore.lock([params.lotId], act)) }
        let sql =
            place == act.site
            ? TakingStore.dispose(params.lotId, quantityMg: quantityMg, reason: reason, document: document, act)
            : TakingStore.dispose(
                params.lotId, at: place, quantityMg: quantityMg, reason: reason, document: document, act)
        guard let (quantity, onHand) = try call.db.first(sql, as: (Int64, Int64).self) else {
            throw try Self.refusal(of: params, at: place, call)
        }
        try BackDating.check(document, act, call)
        let toxic = ToxicDocument(id: document, kind: .disposal, act: act, call: call)
        try toxic.confirm(by: params.confirmedByStaffId, noted: call.db.batch([toxic.note])[0])
        call.note("documentId", .string(document.description))
        call.note("lotId", .string(params.lotId.description))
        try call.publish(
            DecoctionTopic.lotDisposed, subject: params.lotId,
            DecoctionTopic.LotDisposed(
                lotId: params.lotId, documentId: document, quantityMg: quantity, onHandMg: onHand))
        return Reply(documentId: document, lotId: params.lotId, quantityMg: quantity, onHandMg: onHand)
    }

    private static func refusal(of params: Params, at place: RecordID, _ call: Call) throws -> Fault {
        let lot = try LotStore.description(of: params.lotId, call)
        try LocationStore.require(place, call)
        let lying = try call.db.first(
            TransferStore.lying([params.lotId], at: place, site: call.site.id), as: (RecordID, Int64).self)
        let shortage = Shortage(
            pieceCode: lot.pieceCode, lotId: params.lotId, requestedMg: params.quantityMg ?? 0,
            availableMg: lying?.1 ?? 0)
        return DecoctionFault.insufficientStock.fault([shortage.json])
    }

    static var examples: Examples<Params, Reply> {
        let reason = "过期销毁"
        return Examples(
            full: (
                Params(
                    lotId: Sample.lot, quantityMg: 200_000, reason: reason, locationId: Sample.location,
                    bookedOn: Sample.instant.localDate, confirmedByStaffId: Sample.checker),
                Reply(documentId: Sample.document, lotId: Sample.lot, quantityMg: 200_000, onHandMg: 4_800_000)
            ),
            minimal: (
                Params(lotId: Sample.lot, reason: reason),
                Reply(documentId: Sample.document, lotId: Sample.lot, quantityMg: 5_000_000, onHandMg: 0)
            ))
    }
}
