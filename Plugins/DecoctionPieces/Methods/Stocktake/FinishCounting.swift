internal import XinglinKit

/// `decoction.stocktake.finish`
struct FinishCounting: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
    }

    struct Reply: Codable, Sendable {
        let state: StocktakeState
        let differences: Int64
    }

    static let name = "decoction.stocktake.finish"
    static let summary = """
        Says that everything is counted. Where nothing differs, the stocktake is over; else its differences await the approval of \
        somebody who did not count.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(.required("stocktakeId", .id, "The stocktake."))
    static let reply = Schema.object(
        .required("state", .enumeration(StocktakeState.codes), "Where it stands."),
        .required("differences", .integer(0...Int64.max), "How many lots differ."))
    static let faults = [StocktakeFault.stateConflict, StocktakeFault.incomplete]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let held = try StocktakeStore.hold(params.stocktakeId, call)
        try held.require(.counting)
        let act = try LotStore.Act(call)
        let open = try call.db.query(
            StocktakeStore.unfinished(held.id, at: held.place, scope: held.scope, site: act.site, limit: 100),
            as: (RecordID, String, CountStatus, Int64).self)
        guard open.isEmpty else {
            throw StocktakeFault.incomplete.fault([
                "count": .integer(open[0].3),
                "lots": .array(
                    open.map {
                        [
                            "lotId": .string($0.0.description), "pieceCode": .string($0.1),
                            "status": .string($0.2.rawValue),
                        ]
                    }),
            ])
        }
        guard
            let (state, lots) = try call.db.first(
                StocktakeStore.finish(held.id, act), as: (StocktakeState, Int64).self)
        else { throw HostFault.conflict.fault() }
        call.note("stocktakeId", .string(held.id.description))
        if state == .approved {
            try call.publish(
                StocktakeTopic.approved, subject: held.id,
                StocktakeTopic.Approved(stocktakeId: held.id, differences: 0, lossFen: 0, gainFen: 0))
        }
        return Reply(state: state, differences: lots)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(stocktakeId: Sample.stocktake), reply: Reply(state: .awaitingApproval, differences: 2)
        )
        return Examples(full: example, minimal: example)
    }
}
