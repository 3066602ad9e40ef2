internal import XinglinKit

/// `decoction.stocktake.count`
struct CountLot: RPCMethod {
    struct Params: Codable, Sendable {
        let stocktakeId: RecordID
        let lotId: RecordID
        let countedMg: Int64
    }

    struct Reply: Codable, Sendable {
        let round: Int64
        let status: CountStatus
    }

    static let name = "decoction.stocktake.count"
    static let summary = """
        Says what was found of a lot. Beyond the tolerance, and of pieces that two persons answer for, another person counts \
        again; neither learns what the ledger says.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("stocktakeId", .id, "The stocktake."),
        .required("lotId", .id, "A lot of the site; also one of which the ledger has nothing there."),
        .required("countedMg", .integer(0...10_000_000_000), "What was found of it at the place, in milligrams."))
    static let reply = Schema.object(
        .required("round", .integer(1...1_000_000), "How often the lot was counted."),
        .required("status", .enumeration(CountStatus.codes), "Whether it is counted, or is to be counted again."))
    static let faults = [StocktakeFault.stateConflict, StocktakeFault.recountByAnother]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let held = try StocktakeStore.hold(params.stocktakeId, call)
        try held.require(.counting)
        let act = try LotStore.Act(call)
        // A statement of its own: what lies at a place is read as of after the wait.
        try call.db.execute(ReservationStore.lock([params.lotId], act))
        let book = try call.db.first(
            StocktakeStore.book(params.lotId, at: held.place, scope: held.scope, site: act.site),
            as: (String, Bool, Bool, Int64).self)
        guard let (piece, isControlled, isInScope, bookMg) = book else {
            throw HostFault.notFound.fault(["lotId": .string(params.lotId.description)])
        }
        guard isInScope else {
            throw Fault.invalid("/lotId", expected: "a lot of the pieces that are counted", zh: "本次盘点范围内的批次")
        }
        let judgement = try StocktakeRules(call).judgement(isControlled: isControlled)
        let made = try call.db.query(
            StocktakeStore.counts(of: params.lotId, in: held.id, site: act.site),
            as: (Int64, Int64, RecordID, RecordID?).self)
        let (caller, counters) = (try Actor(call), made.map { Actor(account: $0.2, staff: $0.3) })
        let persons = try Persons(counters + [caller], call)
        let former = zip(made, counters).map { count, counter in
            LotCount(bookMg: count.0, countedMg: count.1, person: persons.person(counter))
        }
        guard judgement.mayCount(persons.person(caller), after: former) else {
            throw StocktakeFault.recountByAnother.fault(["lotId": .string(params.lotId.description)])
        }
        let count = LotCount(bookMg: bookMg, countedMg: params.countedMg, person: persons.person(caller))
        let status = judgement.status(of: former + [count])
        let round = try call.db.first(
            StocktakeStore.count(params.lotId, of: piece, in: held.id, count, status: status, by: caller.staff, act),
            as: Int64.self)
        call.note("stocktakeId", .string(held.id.description))
        call.note("lotId", .string(params.lotId.description))
        return Reply(round: round ?? 1, status: status)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(stocktakeId: Sample.stocktake, lotId: Sample.lot, countedMg: 4_995_000),
            reply: Reply(round: 1, status: .counted)
        )
        return Examples(full: example, minimal: example)
    }
}
