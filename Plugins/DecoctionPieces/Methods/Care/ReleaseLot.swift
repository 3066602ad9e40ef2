internal import XinglinKit

/// `decoction.lot.release`
struct ReleaseLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let lotId: RecordID
        let state: LotState
    }

    static let name = "decoction.lot.release"
    static let summary =
        "Lets a lot go that an inspection had withheld, back to where it stood; by another person than who condemned it."
    static let effect = Effect.write
    static let access = Access.roles([.reviewer])
    static let params = Schema.object(
        .required("lotId", .id, "A withheld lot."), .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("lotId", .id, "The lot."),
        .required(
            "state", .enumeration(LotState.codes), "accepted, or where it was condemned before that, what it was."))
    static let faults = [DecoctionFault.lotStateConflict, DecoctionFault.secondPersonRequired]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let condemned = try call.db.batch([
            Statement(ReservationStore.lock([params.lotId], act)),
            Statement(ActorStore.condemnations(of: params.lotId, site: act.site)),
        ])[1]
        let isSame = try Persons.isCaller(amongst: ActorStore.actors(condemned), call)
        let released =
            try isSame
            ? nil
            : call.db.first(
                CareStore.release(
                    params.lotId, as: call.newID(), reason: PlainText.trimmed(params.reason), by: Signing.own(call),
                    act),
                as: LotState.self)
        guard let state = released else {
            let lot = try LotStore.description(of: params.lotId, call)
            let details: JSONValue = [
                "lotId": .string(params.lotId.description), "state": .string(lot.state.rawValue),
            ]
            throw lot.state == .withheld
                ? DecoctionFault.secondPersonRequired.fault(details) : DecoctionFault.lotStateConflict.fault(details)
        }
        call.note("lotId", .string(params.lotId.description))
        try call.publish(
            CareTopic.lotReleased, subject: params.lotId, CareTopic.LotReleased(lotId: params.lotId))
        return Reply(lotId: params.lotId, state: state)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(lotId: Sample.lot, reason: "复检合格"), reply: Reply(lotId: Sample.lot, state: .accepted)
        )
        return Examples(full: example, minimal: example)
    }
}
