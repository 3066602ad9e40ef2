internal import XinglinKit

/// `membership.development.withdraw`
struct WithdrawApplication: RPCMethod {
    typealias Params = EndOfDevelopment.Params
    typealias Reply = EndOfDevelopment.Reply

    static let name = "membership.development.withdraw"
    static let summary =
        "Records that a person on the way to membership gives it up, before the admission; the person may apply again."
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = EndOfDevelopment.params
    static let reply = EndOfDevelopment.reply
    static let faults = [
        DevelopmentFault.stepRefused, DevelopmentFault.developmentEnded, DevelopmentFault.memberAlready,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let ending = try EndOfDevelopment(params, call)
        guard ending.progress.taken[DevelopmentStep.admission] == nil else { throw try ending.memberAlready() }
        return try ending.write(.withdrawn, .withdrawn)
    }

    static var examples: Examples<Params, Reply> { EndOfDevelopment.examples(.withdrawn) }
}
