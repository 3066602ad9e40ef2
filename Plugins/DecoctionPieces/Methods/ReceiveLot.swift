internal import XinglinKit

/// `decoction.lot.receive`
struct ReceiveLot: RPCMethod {
    struct Params: Codable, Sendable {
        let pieceCode: String
        let supplierId: RecordID
        let batchNumber: String
        let producedOn: LocalDate
        let expiresOn: LocalDate
        let quantityMg: Int64
        let unitCostFenPerKg: Int64
        var bookedOn: LocalDate?
    }

    struct Reply: Codable, Sendable {
        let lotId: RecordID
        let state: LotState
    }

    static let name = "decoction.lot.receive"
    static let summary = "Receives a batch into quarantine, where it stays until it is accepted (PC-01, PC-02, PC-04)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("pieceCode", .code(1...20), "The piece delivered."),
        .required("supplierId", .id, "Who delivered it; a supplier of the site."),
        .required("batchNumber", .text(1...60), "The maker's batch number; blanks and full width do not count."),
        .required("producedOn", .date, "Date of production, today at the latest."),
        .required("expiresOn", .date, "Last day of its shelf life: after production, and not past."),
        .required("quantityMg", .integer(1...10_000_000_000), "What was delivered, in milligrams; at most 10 t."),
        .required("unitCostFenPerKg", .integer(0...10_000_000_000), "Purchase price of a kilogram, in fen."),
        Booking.field)
    static let reply = Schema.object(
        .required("lotId", .id, "The new lot."),
        .required("state", .enumeration(LotState.codes), "quarantined."))
    static let faults = [
        DecoctionFault.pieceUnknown, DecoctionFault.lotExpired, LedgerFault.periodClosed,
        CatalogueFault.pieceOutOfUse,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Self.checkDates(of: params, today: call.today)
        let act = try LotStore.Act(call, bookedOn: Booking.day(params.bookedOn, producedOn: params.producedOn, call))
        let delivery = LotStore.Delivery(
            lotID: call.newID(), documentID: call.newID(), pieceCode: params.pieceCode, supplierID: params.supplierId,
            batchNumber: PlainText.number(params.batchNumber), producedOn: params.producedOn,
            expiresOn: params.expiresOn, quantityMg: params.quantityMg, unitCostFenPerKg: params.unitCostFenPerKg)
        try call.db.batch([
            Statement(
                PieceStore.known([params.pieceCode]), .rows(1), otherwise: DecoctionFault.unknown([params.pieceCode])),
            Statement(
                SupplierStore.exists(params.supplierId, site: act.site), .rows(1),
                otherwise: HostFault.notFound.fault(["supplierId": .string(params.supplierId.description)])),
            Statement(
                LotStore.receive(delivery, act), .rows(1),
                otherwise: CatalogueFault.pieceOutOfUse.fault([["pieceCode": .string(params.pieceCode)]])),
        ])
        call.note("lotId", .string(delivery.lotID.description))
        call.note("pieceCode", .string(params.pieceCode))
        try call.publish(
            DecoctionTopic.lotReceived, subject: delivery.lotID,
            DecoctionTopic.LotReceived(
                lotId: delivery.lotID, pieceCode: params.pieceCode, quantityMg: params.quantityMg, isOpening: false))
        return Reply(lotId: delivery.lotID, state: .quarantined)
    }

    private static func checkDates(of params: Params, today: LocalDate) throws {
        guard params.producedOn <= today else {
            throw Fault.invalid("/producedOn", expected: "a date that is not in the future", zh: "不晚于今天的日期")
        }
        guard params.expiresOn > params.producedOn else {
            throw Fault.invalid("/expiresOn", expected: "a date after producedOn", zh: "晚于 producedOn 的日期")
        }
        guard params.expiresOn >= today else { throw DecoctionFault.expired(nil, on: params.expiresOn) }
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(lotId: Sample.lot, state: .quarantined)
        func params(_ bookedOn: LocalDate?) -> Params {
            Params(
                pieceCode: "XLYP0001", supplierId: Sample.supplier, batchNumber: "20260923",
                producedOn: Sample.producedOn, expiresOn: Sample.expiresOn, quantityMg: 5_000_000,
                unitCostFenPerKg: 6_800, bookedOn: bookedOn)
        }
        return Examples(full: (params(Sample.instant.localDate), reply), minimal: (params(nil), reply))
    }
}
