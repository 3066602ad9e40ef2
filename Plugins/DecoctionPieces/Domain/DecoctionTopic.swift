internal import XinglinKit

/// What this module says has happened.
enum DecoctionTopic {
    struct LotReceived: Codable, Sendable {
        let lotId: RecordID
        let pieceCode: String
        let quantityMg: Int64
        let isOpening: Bool
    }
    struct LotDecided: Codable, Sendable {
        let lotId: RecordID
    }
    struct LotDisposed: Codable, Sendable {
        let lotId: RecordID
        let documentId: RecordID
        let quantityMg: Int64
        let onHandMg: Int64
    }
    struct StockIssued: Codable, Sendable {
        let documentId: RecordID
        let moves: Int
        let quantityMg: Int64
    }

    private static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .integrator])
    private static let lot = Schema.Field.required("lotId", .id, "The lot; the event's subject.")
    private static let milligrams = 0...Int64.max

    static let lotReceived = EventTopic(
        "decoction.lot.received", .init(zh: "饮片到货待验收，或期初入库", en: "A lot came in, to be accepted or as opening stock"),
        access: Self.access,
        body: .object(
            Self.lot, .required("pieceCode", .code(1...20), "The piece."),
            .required("quantityMg", .integer(Self.milligrams), "What came, in milligrams."),
            .required("isOpening", .boolean, "Whether it lay on the shelf before the ledger began.")),
        example: LotReceived(lotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 5_000_000, isOpening: false))
    static let lotAccepted = EventTopic(
        "decoction.lot.accepted", .init(zh: "批次验收合格，可以发出", en: "A lot was accepted, by all who had to"),
        access: Self.access, body: .object(Self.lot), example: LotDecided(lotId: Sample.lot))
    static let lotRejected = EventTopic(
        "decoction.lot.rejected", .init(zh: "批次验收不合格", en: "A lot was rejected"),
        access: Self.access, body: .object(Self.lot), example: LotDecided(lotId: Sample.lot))
    static let lotDisposed = EventTopic(
        "decoction.lot.disposed", .init(zh: "批次有销毁或退货", en: "Stock of a lot was destroyed or sent back"),
        access: Self.access,
        body: .object(
            Self.lot, .required("documentId", .id, "The document of the movement."),
            .required("quantityMg", .integer(Self.milligrams), "What was taken out, in milligrams."),
            .required("onHandMg", .integer(Self.milligrams), "What is left.")),
        example: LotDisposed(
            lotId: Sample.lot, documentId: Sample.document, quantityMg: 200_000, onHandMg: 4_800_000))
    static let stockIssued = EventTopic(
        "decoction.stock.issued", .init(zh: "饮片出库", en: "Stock was issued"),
        access: Self.access,
        body: .object(
            .required("documentId", .id, "The document; the event's subject. decoction.movement.list has its lines."),
            .required("moves", .integer(1...1_000_000), "How many movements it has."),
            .required("quantityMg", .integer(Self.milligrams), "All of it, in milligrams.")),
        example: StockIssued(documentId: Sample.document, moves: 2, quantityMg: 120_000))

    static let all =
        [lotReceived, lotAccepted, lotRejected, lotDisposed, stockIssued] + PrescriptionTopic.all + CareTopic.all
        + DispensingTopic.all + StocktakeTopic.all + SharedTopic.all + ForwardingTopic.all
}
