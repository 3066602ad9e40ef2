internal import XinglinKit

/// `decoction.claim.list`
struct ListClaims: RPCMethod {
    struct Params: Codable, Sendable {
        var orderId: RecordID?
        var state: ClaimState?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let claims: RowList<Claim>
        var next: String?
    }

    struct Claim: Codable, Sendable {
        let claimId: RecordID
        let orderId: RecordID
        let lotId: RecordID
        let ours: Bool
        let siteCode: String
        let supplierCode: String
        let pieceCode: String
        let nameZh: String
        let batchNumber: String
        let quantityMg: Int64
        var reason: String?
        let openedAt: Timestamp
        var settledAt: Timestamp?
        var documentId: RecordID?
        let state: ClaimState
        let stateZh: String
    }

    static let name = "decoction.claim.list"
    static let summary = "Lists the claims for what did not arrive, to either side, the newest first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("orderId", .id, "Only those of this order."),
            .optional("state", .enumeration(ClaimState.codes), "Only those in this state."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("claims", .array(Self.claim, 0...500), "The claims of this page."), Schema.pageReply)

    private static let claim = Schema.object(
        .required("claimId", .id, "The claim."), .required("orderId", .id, "The order."),
        .required("lotId", .id, "The sender's lot."),
        .required("ours", .boolean, "Whether the acting site claims; else it is the sender, who settles."),
        .required("siteCode", .text(1...60), "Who claims."), .required("supplierCode", .text(1...60), "Who sent."),
        .required("pieceCode", .code(1...20), "The piece."), .required("nameZh", .text(1...40), "Its name."),
        .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("quantityMg", .integer(OrderStep.quantity), "What is missing, in milligrams."),
        .optional("reason", .text(1...200), "Why it was settled as it was."),
        .required("openedAt", .timestamp, "When it was counted."),
        .optional("settledAt", .timestamp, "When it was settled."),
        .optional("documentId", .id, "The sender's document, where the settlement moved stock."),
        .required("state", .enumeration(ClaimState.codes), "Where it stands."),
        .required("stateZh", .text(1...20), "The same in Chinese."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let found = try call.db.rows(
            ClaimStore.list(
                order: params.orderId, state: params.state, site: call.site.id,
                before: page.after(0) ?? RecordID(high: .max, low: .max), limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: RecordID.self) : nil
        return Reply(claims: .json(rows.json(ClaimStore.columns)), next: last.map { Page.cursor($0.description) })
    }

    static var examples: Examples<Params, Reply> {
        let claim = Claim(
            claimId: Sample.claim, orderId: Sample.order, lotId: Sample.lot, ours: true, siteCode: "township-01",
            supplierCode: "county-01", pieceCode: "XLYP0001", nameZh: "麻黄", batchNumber: "20260923",
            quantityMg: 10_000, reason: "装车时遗漏，已在库内找到", openedAt: Sample.instant, settledAt: Sample.instant,
            documentId: Sample.document, state: .found, stateZh: ClaimState.found.labelZh)
        let cursor = Page.cursor(Sample.claim.description)
        return Examples(
            full: (
                Params(orderId: Sample.order, state: .found, limit: 1, after: cursor),
                Reply(claims: .elements([claim]), next: cursor)
            ), minimal: (Params(), Reply(claims: .elements([]))))
    }
}
