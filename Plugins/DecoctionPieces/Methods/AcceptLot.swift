internal import XinglinKit

/// `decoction.lot.accept`
struct AcceptLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
    }

    struct Reply: Codable, Sendable {
        let lotId: RecordID
        let state: LotState
    }

    static let name = "decoction.lot.accept"
    static let summary = """
        Accepts a lot after the check of quantity, packing, label, appearance and certificate (PC-02); \
        by a TCM pharmacist of the grade that the site's level asks for; toxic, narcotic and house-controlled pieces take a second person.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(.required("lotId", .id, "A lot that awaits acceptance."))
    static let reply = Schema.object(
        .required("lotId", .id, "The lot."),
        .required(
            "state", .enumeration(LotState.codes), "accepted, or awaitingSecond until another account accepts it too."))
    static let faults = [
        DecoctionFault.lotExpired, DecoctionFault.lotStateConflict, DecoctionFault.secondPersonRequired,
        CareFault.gradeTooLow, GuardFault.lotEmpty,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let acceptor = try Acceptor.judged(call)
        // The lot is kept, so that of two acceptances at once the later one sees the earlier.
        let before = try call.db.batch([
            Statement(ReservationStore.lock([params.lotId], act)),
            Statement(ActorStore.acceptances(of: params.lotId, site: act.site)),
        ])[1]
        if try Persons.isCaller(amongst: ActorStore.actors(before), call),
            try LotStore.description(of: params.lotId, call).state == .awaitingSecond
        {
            throw DecoctionFault.secondPersonRequired.fault(["lotId": .string(params.lotId.description)])
        }
        guard let state = try call.db.first(LotStore.accept(params.lotId, by: acceptor, act), as: LotState.self) else {
            throw try Self.refusal(of: params.lotId, call)
        }
        call.note("lotId", .string(params.lotId.description))
        call.note("state", .string(state.rawValue))
        if state == .accepted {
            try call.publish(
                DecoctionTopic.lotAccepted, subject: params.lotId, DecoctionTopic.LotDecided(lotId: params.lotId))
        }
        return Reply(lotId: params.lotId, state: state)
    }

    private static func refusal(of id: RecordID, _ call: Call) throws -> Fault {
        let lot = try LotStore.description(of: id, call)
        switch lot.state {
        case .accepted, .rejected, .recalled, .withheld:
            return DecoctionFault.lotStateConflict.fault(
                ["lotId": .string(id.description), "state": .string(lot.state.rawValue)])
        case .quarantined, .awaitingSecond:
            return lot.onHandMg == 0
                ? GuardFault.lotEmpty.fault(["lotId": .string(id.description)])
                : DecoctionFault.expired(id, on: lot.expiresOn)
        }
    }

    static var examples: Examples<Params, Reply> {
        let params = Params(lotId: Sample.lot)
        return Examples(
            full: (params, Reply(lotId: Sample.lot, state: .awaitingSecond)),
            minimal: (params, Reply(lotId: Sample.lot, state: .accepted)))
    }
}
