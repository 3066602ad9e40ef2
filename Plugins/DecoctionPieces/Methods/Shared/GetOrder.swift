internal import XinglinKit

/// `decoction.order.get`
struct GetOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let orderId: RecordID
    }

    struct Reply: Codable, Sendable {
        let order: RowList<OrderEntry>
        let lines: RowList<Line>
        let lots: RowList<Sent>
        let arrivals: RowList<Arrival>
    }

    struct Line: Codable, Sendable {
        let lineNo: Int
        let pieceCode: String
        let nameZh: String
        let orderedMg: Int64
        let shippedMg: Int64
        let receivedMg: Int64
        let claimedMg: Int64
        let inTransitMg: Int64
    }

    struct Sent: Codable, Sendable {
        let lotId: RecordID
        let lineNo: Int
        let pieceCode: String
        let batchNumber: String
        let producedOn: LocalDate
        let expiresOn: LocalDate
        let unitCostFenPerKg: Int64
        let makerNameZh: String
        let makerLicence: String
        let shippedMg: Int64
        let receivedMg: Int64
        let claimedMg: Int64
        let inTransitMg: Int64
    }

    struct Arrival: Codable, Sendable {
        let sentLotId: RecordID
        let lotId: RecordID
        let quantityMg: Int64
        let at: Timestamp
    }

    static let name = "decoction.order.get"
    static let summary = """
        Shows an order to either side: what was ordered, which lots left, what of each came, is claimed or in transit, and which \
        lots of the receiver they became. Of every line and lot, shippedMg = receivedMg + claimedMg + inTransitMg.
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(OrderStep.id)
    static let reply = Schema.object(
        .required("order", .array(OrderEntry.schema, 1...1), "The order."),
        .required("lines", .array(Self.line, 1...200), "What was ordered."),
        .required("lots", .array(Self.sent, 0...2000), "What left, by lots of the sender."),
        .required(
            "arrivals",
            .array(
                .object(
                    .required("sentLotId", .id, "The sender's lot."), .required("lotId", .id, "The receiver's lot."),
                    .required("quantityMg", .integer(OrderStep.quantity), "What came."),
                    .required("at", .timestamp, "When it was counted.")),
                0...10_000), "The receiver's lots, in the order in which they came."))

    private static let milligrams = Schema.integer(0...Int64.max)
    private static let amounts: [Schema.Field] = [
        .required("shippedMg", Self.milligrams, "What left."),
        .required("receivedMg", Self.milligrams, "What came."),
        .required("claimedMg", Self.milligrams, "What was missing and was not sent again."),
        .required("inTransitMg", Self.milligrams, "What is in transit."),
    ]
    private static let line = Schema.object(
        [
            .required("lineNo", .integer(1...200), "Its place in the order."),
            .required("pieceCode", .code(1...20), "The piece."), .required("nameZh", .text(1...40), "Its name."),
            .required("orderedMg", .integer(OrderStep.quantity), "What was ordered."),
        ] + Self.amounts)
    private static let sent = Schema.object(
        [
            .required("lotId", .id, "The sender's lot."), .required("lineNo", .integer(1...200), "The line."),
            .required("pieceCode", .code(1...20), "The piece."),
            .required("batchNumber", .text(1...60), "The maker's batch number."),
            .required("producedOn", .date, "Date of production."),
            .required("expiresOn", .date, "Last day of its shelf life."),
            .required("unitCostFenPerKg", .integer(0...10_000_000_000), "What a kilogram cost the sender, in fen."),
            .required("makerNameZh", .text(1...200), "Who delivered it to the sender."),
            .required("makerLicence", .text(1...60), "Their licence."),
        ] + Self.amounts)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let results = try call.db.batch([
            Statement(
                OrderStore.head(of: params.orderId, site: call.site.id, today: call.today), .rows(1),
                otherwise: HostFault.notFound.fault(["orderId": .string(params.orderId.description)])),
            Statement(OrderStore.lines(of: params.orderId)), Statement(ShippingStore.lots(of: params.orderId)),
            Statement(ShippingStore.receipts(of: params.orderId)),
        ])
        return Reply(
            order: .json(results[0].json(OrderStore.columns)), lines: .json(results[1].json(OrderStore.lineColumns)),
            lots: .json(results[2].json(ShippingStore.lotColumns)),
            arrivals: .json(results[3].json(ShippingStore.receiptColumns)))
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            lineNo: 1, pieceCode: "XLYP0001", nameZh: "麻黄", orderedMg: 2_000_000, shippedMg: 2_000_000,
            receivedMg: 1_990_000, claimedMg: 10_000, inTransitMg: 0)
        let sent = Sent(
            lotId: Sample.lot, lineNo: 1, pieceCode: "XLYP0001", batchNumber: "20260923",
            producedOn: Sample.producedOn, expiresOn: Sample.expiresOn, unitCostFenPerKg: 6_800,
            makerNameZh: "亳州某饮片有限公司", makerLicence: "皖20260001", shippedMg: 2_000_000, receivedMg: 1_990_000,
            claimedMg: 10_000, inTransitMg: 0)
        let arrival = Arrival(
            sentLotId: Sample.lot, lotId: Sample.arrivedLot, quantityMg: 1_990_000, at: Sample.instant)
        func reply(_ sent: [Sent], _ arrivals: [Arrival]) -> Reply {
            Reply(
                order: .elements([OrderEntry.example]), lines: .elements([line]), lots: .elements(sent),
                arrivals: .elements(arrivals))
        }
        let params = Params(orderId: Sample.order)
        return Examples(full: (params, reply([sent], [arrival])), minimal: (params, reply([], [])))
    }
}
