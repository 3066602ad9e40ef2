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
        var spec: String?
        var origin: String?
        var maker: String?
        var certificateNumber: String?

        var papers: BatchPapers {
            BatchPapers(
                spec: self.spec, origin: self.origin, maker: self.maker, certificateNumber: self.certificateNumber
            ).tidied
        }
    }

    struct Reply: Codable, Sendable {
        let lotId: RecordID
        let state: LotState
        var warnings: [SupplierMustBeLicensed.Warning]?
    }

    static let name = "decoction.lot.receive"
    static let summary = """
        Receives a batch into quarantine, where it stays until it is accepted (PC-01, PC-02, PC-04). The supplier holds a licence on \
        the day, and toxic pieces come from a designated firm; what is not recorded of either is warned of.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        [
            .required("pieceCode", .code(1...20), "The piece delivered."),
            .required("supplierId", .id, "Who delivered it; a supplier of the site."),
            .required("batchNumber", .text(1...60), "The maker's batch number; blanks and full width do not count."),
            .required("producedOn", .date, "Date of production, today at the latest."),
            .required("expiresOn", .date, "Last day of its shelf life: after production, and not past."),
            .required("quantityMg", .integer(1...10_000_000_000), "What was delivered, in milligrams; at most 10 t."),
            .required("unitCostFenPerKg", .integer(0...10_000_000_000), "Purchase price of a kilogram, in fen."),
            Booking.field,
        ] + BatchPapers.fields)
    static let reply = Schema.object(
        .required("lotId", .id, "The new lot."),
        .required("state", .enumeration(LotState.codes), "quarantined."),
        .optional(
            "warnings", .array(SupplierMustBeLicensed.Warning.schema, 1...5),
            "What should be recorded or renewed of the supplier (PC-01); absent where nothing should."))
    static let faults = [
        DecoctionFault.pieceUnknown, DecoctionFault.lotExpired, LedgerFault.periodClosed,
        CatalogueFault.pieceOutOfUse,
        PurchasingFault.licenceEnded, PurchasingFault.notDesignated, PurchasingFault.withdrawn,
        PurchasingFault.recordIncomplete,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try Self.checkDates(of: params, today: call.today)
        let act = try LotStore.Act(call, bookedOn: Booking.day(params.bookedOn, producedOn: params.producedOn, call))
        let supplier = try Self.supplier(params.supplierId, act, call)
        let results = try call.db.batch([
            Statement(
                PieceStore.control(params.pieceCode), .rows(1), otherwise: DecoctionFault.unknown([params.pieceCode])),
            Statement(PharmacyRules.table.valid(on: act.bookedOn, site: act.site)),
        ])
        let rules = try PharmacyRules.book(results[1])
        let control = try results[0].first(as: ControlClass.self) ?? .none
        let warnings = try SupplierMustBeLicensed(supplier: supplier, day: act.bookedOn, rules: rules)
            .warnings(params.pieceCode, control: control)
        let delivery = LotStore.Delivery(
            lotID: call.newID(), documentID: call.newID(), pieceCode: params.pieceCode, supplierID: params.supplierId,
            batchNumber: PlainText.number(params.batchNumber), producedOn: params.producedOn,
            expiresOn: params.expiresOn, quantityMg: params.quantityMg, unitCostFenPerKg: params.unitCostFenPerKg,
            papers: params.papers, supplierVersion: supplier.version,
            ruleVersion: rules.version(of: SupplierMustBeLicensed.rule))
        try call.db.batch([
            Statement(
                LotStore.receive(delivery, act), .rows(1),
                otherwise: CatalogueFault.pieceOutOfUse.fault([["pieceCode": .string(params.pieceCode)]]))
        ])
        call.note("lotId", .string(delivery.lotID.description))
        call.note("pieceCode", .string(params.pieceCode))
        try call.publish(
            DecoctionTopic.lotReceived, subject: delivery.lotID,
            DecoctionTopic.LotReceived(
                lotId: delivery.lotID, pieceCode: params.pieceCode, quantityMg: params.quantityMg, isOpening: false))
        return Reply(
            lotId: delivery.lotID, state: .quarantined, warnings: warnings.isEmpty ? nil : warnings)
    }

    /// The supplier, which nobody changes until the receipt is in.
    private static func supplier(_ id: RecordID, _ act: LotStore.Act, _ call: Call) throws -> PurchasedFrom {
        let found = try call.db.first(
            SupplierVersionStore.judged(id, site: act.site), as: (Int, LocalDate?, Bool?, LocalDate?).self)
        guard let found else { throw HostFault.notFound.fault(["supplierId": .string(id.description)]) }
        return PurchasedFrom(
            id: id, version: found.0, licenceEnds: found.1, designatedToxic: found.2, withdrawnOn: found.3)
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
        func params(_ bookedOn: LocalDate?, _ papers: BatchPapers) -> Params {
            Params(
                pieceCode: "XLYP0001", supplierId: Sample.supplier, batchNumber: "20260923",
                producedOn: Sample.producedOn, expiresOn: Sample.expiresOn, quantityMg: 5_000_000,
                unitCostFenPerKg: 6_800, bookedOn: bookedOn, spec: papers.spec, origin: papers.origin,
                maker: papers.maker, certificateNumber: papers.certificateNumber)
        }
        return Examples(
            full: (
                params(Sample.instant.localDate, .example),
                Reply(lotId: Sample.lot, state: .quarantined, warnings: [.example])
            ), minimal: (params(nil, .init()), Reply(lotId: Sample.lot, state: .quarantined)))
    }
}
