internal import XinglinKit

/// `decoction.location.close`
struct CloseLocation: RPCMethod {
    struct Params: Codable, Sendable {
        let locationId: RecordID
    }

    struct Reply: Codable, Sendable {
        let locationId: RecordID
    }

    static let name = "decoction.location.close"
    static let summary = "Closes a place in which nothing lies any more; its history stays."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(.required("locationId", .id, "The place; not the main store."))
    static let reply = Schema.object(.required("locationId", .id, "The place."))
    static let faults = [LedgerFault.locationNotEmpty]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = JSONValue.string(params.locationId.description)
        let act = try LotStore.Act(call)
        try call.db.batch([
            Statement(
                LocationStore.lock(params.locationId, site: act.site), .rows(1),
                otherwise: LocationStore.unknown(params.locationId)),
            Statement(
                LocationStore.close(params.locationId, act), .rows(1),
                otherwise: LedgerFault.locationNotEmpty.fault(["locationId": id])),
        ])
        call.note("locationId", id)
        return Reply(locationId: params.locationId)
    }

    static var examples: Examples<Params, Reply> {
        let example = (params: Params(locationId: Sample.location), reply: Reply(locationId: Sample.location))
        return Examples(full: example, minimal: example)
    }
}
