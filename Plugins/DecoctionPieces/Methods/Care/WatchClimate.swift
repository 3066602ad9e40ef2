internal import XinglinKit

/// `decoction.climate.watch`
struct WatchClimate: RPCMethod {
    struct Params: Codable, Sendable {
        var locationId: RecordID?
        let climate: StoreClimate
    }

    struct Reply: Codable, Sendable {
        let locationId: RecordID
        let climate: StoreClimate
        let climateZh: String
    }

    static let name = "decoction.climate.watch"
    static let summary =
        "Says what a place is kept at, so that its temperature and humidity are logged and judged by it (8.2)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let params = Schema.object(
        .optional("locationId", .id, "A place in use; the main store unless told."),
        .required("climate", .enumeration(StoreClimate.codes), "normal, cool or cold; none where it is not watched."))
    static let reply = Schema.object(
        .required("locationId", .id, "The place; the main store has the site's own id."),
        .required("climate", .enumeration(StoreClimate.codes), "What it is kept at."),
        .required("climateZh", .text(1...20), "The same in Chinese."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let place = params.locationId ?? act.site
        try call.db.execute(
            ClimateStore.watch(place, at: params.climate, act), expecting: .rows(1),
            otherwise: HostFault.notFound.fault(["locationId": .string(place.description)]))
        call.note("locationId", .string(place.description))
        call.note("climate", .string(params.climate.rawValue))
        return Reply(locationId: place, climate: params.climate, climateZh: params.climate.labelZh)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(locationId: Sample.location, climate: .cool, climateZh: StoreClimate.cool.labelZh)
        return Examples(
            full: (Params(locationId: Sample.location, climate: .cool), reply), minimal: (Params(climate: .cool), reply)
        )
    }
}
