internal import XinglinKit

/// `membership.transfer.sendBack`
struct SendBackTransfer: RPCMethod {
    struct Params: Codable, Sendable {
        let transferId: RecordID
        let reason: String
    }

    static let name = "membership.transfer.sendBack"
    static let summary =
        "The receiving site sends a transfer back, with or without its letter, such as for papers that are not complete (DV-08): the person stays."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(
        TransferStep.id, .required("reason", .text(1...200), "Why, for the giving site. It is kept encrypted."))
    static let reply = TransferMoved.schema
    static let faults = [
        TransferFault.transferStateConflict, TransferFault.transferOtherSide, TransferFault.transferExpired,
    ]

    func handle(_ params: Params, _ call: Call) throws -> TransferMoved {
        let step = try TransferStep(params.transferId, for: .sendBack, call)
        try TransferStep.release(step.id, call)
        let reason = try call.seal(
            PlainText.trimmed(params.reason), for: TransferColumns.returnReason, row: step.id)
        try call.db.execute(TransferStore.sendBack(step.id, reason: reason, Act(call)), expecting: .rows(1))
        try step.done(.returned, TransferTopic.returned, call)
        return TransferMoved(step.id, .returned)
    }

    static var examples: Examples<Params, TransferMoved> {
        let example = (
            params: Params(transferId: Sample.transfer, reason: "培养考察材料缺 2026 年上半年考察记录"),
            reply: TransferMoved(Sample.transfer, .returned)
        )
        return Examples(full: example, minimal: example)
    }
}
