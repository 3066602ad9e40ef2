internal import XinglinKit

/// `decoction.stocktake.start`
struct StartStocktake: RPCMethod {
    struct Params: Codable, Sendable {
        var locationId: RecordID?
        var scope: StocktakeScope?
    }

    struct Reply: Codable, Sendable {
        let stocktakeId: RecordID
        let locationId: RecordID
        let lots: Int64
    }

    static let name = "decoction.stocktake.start"
    static let summary = """
        Begins to count what lies at a place (8.2: monthly, precious pieces weekly, toxic ones daily). The work at the place goes \
        on: a count is compared with what the ledger says in its moment.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .optional("locationId", .id, "The place; the main store unless told."),
        .optional("scope", .enumeration(StocktakeScope.codes), "Which pieces; all unless told."))
    static let reply = Schema.object(
        .required("stocktakeId", .id, "The stocktake."),
        .required("locationId", .id, "The place; the main store has the site's id."),
        .required("lots", .integer(0...Int64.max), "How many lots lie there."))
    static let faults = [StocktakeFault.alreadyCounted, LedgerFault.locationClosed]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let (id, act) = (call.newID(), try LotStore.Act(call))
        let (place, scope) = (params.locationId ?? act.site, params.scope ?? .all)
        try LocationStore.require(place, call)
        let isClosed = try call.db.first(StocktakeApproval.closed(place, site: act.site), as: Bool.self)
        guard isClosed != true else {
            throw LedgerFault.locationClosed.fault(["locationId": .string(place.description)])
        }
        let version = try StocktakeRules(call).version
        let started = try call.db.execute(
            StocktakeStore.start(id, at: place, scope: scope, ruleVersion: version, act))
        guard started == 1 else {
            let running = try call.db.first(StocktakeStore.running(at: place, site: act.site), as: RecordID.self)
            throw Fault(
                StocktakeFault.alreadyCounted,
                details: ["stocktakeId": running.map { .string($0.description) } ?? .null], retryable: running == nil)
        }
        let lots = try call.db.first(
            StocktakeStore.lots(at: place, scope: scope, site: act.site), as: Int64.self)
        call.note("stocktakeId", .string(id.description))
        return Reply(stocktakeId: id, locationId: place, lots: lots ?? 0)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(locationId: Sample.location, scope: .toxic),
                Reply(stocktakeId: Sample.stocktake, locationId: Sample.location, lots: 3)
            ),
            minimal: (Params(), Reply(stocktakeId: Sample.stocktake, locationId: Sample.account, lots: 398)))
    }
}
