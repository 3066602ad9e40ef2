internal import XinglinKit

/// `decoction.location.list`
struct ListLocations: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let mainStoreId: RecordID
        let locations: RowList<Location>
        var next: String?
    }

    struct Location: Codable, Sendable {
        let code: String
        let locationId: RecordID
        let nameZh: String
        let kind: LocationKind
        let kindZh: String
        var pieceCode: String?
        var closedAt: Timestamp?
        let lots: Int64
    }

    static let name = "decoction.location.list"
    static let summary = "Lists the places beside the main store by code; the main store has the site's own id."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required("mainStoreId", .id, "The main store, where lots are received."),
        .required("locations", .array(Self.location, 0...500), "The places of this page."), Schema.pageReply)

    private static let location = Schema.object(
        .required("code", .code(1...20), "What its label says."),
        .required("locationId", .id, "The place."),
        .required("nameZh", .text(1...60), "Its name."),
        .required("kind", .enumeration(LocationKind.codes), "What it is."),
        .required("kindZh", .text(1...20), "The same in Chinese."),
        .optional("pieceCode", .code(1...20), "The piece of a drawer."),
        .optional("closedAt", .timestamp, "Since when it is closed."),
        .required("lots", .integer(0...Int64.max), "How many lots lie there."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let site = try call.site.id
        let found = try call.db.rows(
            LocationStore.list(site: site, after: page.after(0) ?? "", limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            mainStoreId: site, locations: .json(rows.json(LocationStore.columns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let location = Location(
            code: "A-01", locationId: Sample.location, nameZh: "麻黄药斗", kind: .drawer,
            kindZh: LocationKind.drawer.labelZh, pieceCode: "XLYP0001", closedAt: Sample.instant, lots: 1)
        return Examples(
            full: (
                Params(limit: 1, after: "A-00"),
                Reply(mainStoreId: Sample.account, locations: .elements([location]), next: "A-01")
            ), minimal: (Params(), Reply(mainStoreId: Sample.account, locations: .elements([]))))
    }
}
