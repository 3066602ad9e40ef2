internal import XinglinKit

/// `membership.transfer.withdraw`
struct WithdrawTransfer: RPCMethod {
    struct Params: Codable, Sendable {
        let transferId: RecordID
    }

    static let name = "membership.transfer.withdraw"
    static let summary = "The giving site calls a transfer off that nobody has received: the person stays."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = Schema.object(TransferStep.id)
    static let reply = TransferMoved.schema
    static let faults = [TransferFault.transferStateConflict, TransferFault.transferOtherSide]

    func handle(_ params: Params, _ call: Call) throws -> TransferMoved {
        let step = try TransferStep(params.transferId, for: .withdraw, call)
        try TransferStep.release(step.id, call)
        try call.db.execute(TransferStore.withdraw(step.id, Act(call)), expecting: .rows(1))
        try step.done(.withdrawn, nil, call)
        return TransferMoved(step.id, .withdrawn)
    }

    static var examples: Examples<Params, TransferMoved> {
        let example = (
            params: Params(transferId: Sample.transfer), reply: TransferMoved(Sample.transfer, .withdrawn)
        )
        return Examples(full: example, minimal: example)
    }
}
