internal import XinglinKit

/// `decoction.climate.list`
struct ListClimate: RPCMethod {
    struct Params: Codable, Sendable {
        var locationId: RecordID?
        var outsideOnly: Bool?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let readings: RowList<Reading>
        var next: String?
    }

    struct Reading: Codable, Sendable {
        let readAt: Timestamp
        let readingId: RecordID
        let locationId: RecordID
        let climate: StoreClimate
        let celsiusTenths: Int
        let humidityTenths: Int
        let outside: Bool
        var action: String?
        let recordedAt: Timestamp
        let accountId: RecordID
        let ruleVersion: String
    }

    static let name = "decoction.climate.list"
    static let summary = "Lists the readings of temperature and humidity, the latest first."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(
        [
            .optional("locationId", .id, "Only at this place; the main store has the site's own id."),
            .optional("outsideOnly", .boolean, "Only those outside the limits."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        .required("readings", .array(Self.reading, 0...500), "The readings of this page."), Schema.pageReply)

    private static let reading = Schema.object(
        .required("readAt", .timestamp, "When it was read."), .required("readingId", .id, "The reading."),
        .required("locationId", .id, "The place."),
        .required("climate", .enumeration(StoreClimate.codes), "What the place is kept at."),
        .required("celsiusTenths", .integer(-600...1000), "Tenths of a degree Celsius."),
        .required("humidityTenths", .integer(0...1000), "Tenths of a percent of relative humidity."),
        .required("outside", .boolean, "Whether it was outside the limits of its day."),
        .optional("action", .text(1...200), "What was done."),
        .required("recordedAt", .timestamp, "When it was written down."),
        .required("accountId", .id, "By whom."),
        .required("ruleVersion", .code(1...20), "The version of the limits."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let start = (
            try page.after(0) ?? call.now.adding(seconds: 86_400),
            try page.after(1) ?? RecordID(high: UInt64.max, low: UInt64.max)
        )
        let found = try call.db.rows(
            ClimateStore.list(
                at: params.locationId, outsideOnly: params.outsideOnly ?? false, site: call.site.id, before: start,
                limit: page.limit + 1))
        let (rows, hasMore) = found.page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (Timestamp, RecordID).self) : nil
        return Reply(
            readings: .json(rows.json(ClimateStore.columns)),
            next: last.map { Page.cursor($0.description, $1.description) })
    }

    static var examples: Examples<Params, Reply> {
        let reading = Reading(
            readAt: Sample.instant, readingId: Sample.document, locationId: Sample.location, climate: .normal,
            celsiusTenths: 312, humidityTenths: 780, outside: true, action: "开启空调和除湿机", recordedAt: Sample.instant,
            accountId: Sample.account, ruleVersion: "1.0")
        let cursor = Page.cursor(Sample.instant.description, Sample.document.description)
        return Examples(
            full: (
                Params(locationId: Sample.location, outsideOnly: true, limit: 1, after: cursor),
                Reply(readings: .elements([reading]), next: cursor)
            ), minimal: (Params(), Reply(readings: .elements([]))))
    }
}
