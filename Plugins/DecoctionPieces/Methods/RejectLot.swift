internal import XinglinKit

/// `decoction.lot.reject`
struct RejectLot: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let lotId: RecordID
        let state: LotState
    }

    static let name = "decoction.lot.reject"
    static let summary = "Rejects a lot that awaits acceptance (PC-02); it leaves stock by decoction.lot.dispose only."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        .required("lotId", .id, "A lot that awaits acceptance."),
        .required("reason", .text(1...200), "What is wrong with it."))
    static let reply = Schema.object(
        .required("lotId", .id, "The lot."),
        .required("state", .enumeration(LotState.codes), "rejected."))
    static let faults = [DecoctionFault.lotStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let sql = LotStore.reject(params.lotId, reason: PlainText.trimmed(params.reason), act)
        guard let state = try call.db.first(sql, as: LotState.self) else {
            let lot = try LotStore.description(of: params.lotId, call)
            throw DecoctionFault.lotStateConflict.fault(
                ["lotId": .string(params.lotId.description), "state": .string(lot.state.rawValue)])
        }
        call.note("lotId", .string(params.lotId.description))
        try call.publish(
            DecoctionTopic.lotRejected, subject: params.lotId, DecoctionTopic.LotDecided(lotId: params.lotId))
        return Reply(lotId: params.lotId, state: state)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(lotId: Sample.lot, reason: "受潮，有霉味"), reply: Reply(lotId: Sample.lot, state: .rejected)
        )
        return Examples(full: example, minimal: example)
    }
}
