internal import XinglinKit

/// `decoction.movement.list`
struct ListMovements: RPCMethod {
    struct Params: Codable, Sendable {
        var lotId: RecordID?
        var documentId: RecordID?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let movements: RowList<Movement>
        var next: String?
    }

    struct Movement: Codable, Sendable {
        let seq: Int64
        let documentId: RecordID
        let lineNo: Int
        let lotId: RecordID
        let pieceCode: String
        let kind: MovementKind
        let kindZh: String
        let quantityMg: Int64
        var reason: String?
        let at: Timestamp
        let accountId: RecordID
        let locationId: RecordID
        let bookedOn: LocalDate
        var reversesSeq: Int64?
    }

    static let name = "decoction.movement.list"
    static let summary =
        "Lists the ledger in the order of its entries; a lot's quantities add up to what is on hand (PC-04)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("lotId", .id, "Only the movements of this lot."),
            .optional("documentId", .id, "Only the movements of this document."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("movements", .array(Self.movement, 0...500), "The movements of this page."), Schema.pageReply)

    private static let movement = Schema.object(
        .required("seq", .integer(1...Int64.max), "The ledger's order; numbers may be missing."),
        .required("documentId", .id, "The document it belongs to."),
        .required("lineNo", .integer(1...200), "The line of that document."),
        .required("lotId", .id, "The lot."),
        .required("pieceCode", .code(1...20), "The piece."),
        .required("kind", .enumeration(MovementKind.codes), "Why stock changed."),
        .required("kindZh", .text(1...20), "The same in Chinese."),
        .required(
            "quantityMg", .integer(-10_000_000_000...10_000_000_000), "In milligrams; negative where stock leaves."),
        .optional("reason", .text(1...200), "The reason given; absent where stock comes in."),
        .required("at", .timestamp, "When."),
        .required("accountId", .id, "Who."),
        .required("locationId", .id, "Where; the main store has the site's own id."),
        .required("bookedOn", .date, "The day on which it is booked."),
        .optional("reversesSeq", .integer(1...Int64.max), "The movement that it takes back."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let sql = try Self.sql(params, call.site.id, after: page.after(0) ?? 0, page.limit + 1)
        let (rows, hasMore) = try call.db.rows(sql).page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: Int64.self) : nil
        return Reply(
            movements: .json(rows.json(MovementStore.columns)), next: last.map { Page.cursor(String($0)) })
    }

    private static func sql(_ params: Params, _ site: RecordID, after last: Int64, _ limit: Int) -> SQL {
        if let lot = params.lotId {
            let documents = params.documentId.map { [$0] } ?? []
            return MovementStore.list(lot: lot, documents: documents, site: site, after: last, limit: limit)
        }
        if let document = params.documentId {
            return MovementStore.list(document: document, site: site, after: last, limit: limit)
        }
        return MovementStore.list(site: site, after: last, limit: limit)
    }

    static var examples: Examples<Params, Reply> {
        let movement = Movement(
            seq: 2, documentId: Sample.document, lineNo: 1, lotId: Sample.lot, pieceCode: "XLYP0001", kind: .issue,
            kindZh: MovementKind.issue.labelZh, quantityMg: -120_000, reason: "病区领用", at: Sample.instant,
            accountId: Sample.account, locationId: Sample.location, bookedOn: Sample.instant.localDate,
            reversesSeq: 1)
        return Examples(
            full: (
                Params(lotId: Sample.lot, documentId: Sample.document, limit: 1, after: "1"),
                Reply(movements: .elements([movement]), next: "2")
            ),
            minimal: (Params(), Reply(movements: .elements([]))))
    }
}
