internal import XinglinKit

/// `membership.flow.end`
struct EndFlow: RPCMethod {
    struct Params: Codable, Sendable {
        let flowId: RecordID
        let on: LocalDate
    }

    struct Reply: Codable, Sendable {
        let flowId: RecordID
        let on: LocalDate
    }

    static let name = "membership.flow.end"
    static let summary = "Records that a member who was away is back. A transfer ends such a record by itself."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        .required("flowId", .id, "The record."),
        .required("on", .date, "From which day on: today or earlier, not before it began."))
    static let reply = Schema.object(
        .required("flowId", .id, "The record."), .required("on", .date, "The day."))
    static let faults = [TransferFault.flowEnded, MembershipFault.factOutOfOrder]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.on <= call.today else { throw MembershipFault.future("/on") }
        let act = try Act(call)
        guard
            let (member, from) = try call.db.first(
                FlowStore.one(params.flowId, site: act.site), as: (RecordID, LocalDate).self)
        else { throw MembershipFault.notFound("flowId", params.flowId) }
        guard params.on >= from else { throw MembershipFault.outOfOrder(from: from, to: call.today) }
        try call.db.execute(FlowStore.end(params.flowId, on: params.on, act), expecting: .rows(1))
        call.recordAccess(basis: "partyRegister", subjects: [member])
        return Reply(flowId: params.flowId, on: params.on)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(flowId: Sample.flow, on: Sample.today), reply: Reply(flowId: Sample.flow, on: Sample.today)
        )
        return Examples(full: example, minimal: example)
    }
}
