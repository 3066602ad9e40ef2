internal import XinglinKit

/// `membership.development.cancel`
struct CancelDevelopment: RPCMethod {
    typealias Params = EndOfDevelopment.Params
    typealias Reply = EndOfDevelopment.Reply

    static let name = "membership.development.cancel"
    static let summary = """
        Ends a development by the organisation's decision: before the admission nothing comes of it; on probation the probation is \
        cancelled and the person is a member no more (DV-21).
        """
    static let effect = Effect.write
    static let access = MembershipAccess.officers
    static let params = EndOfDevelopment.params
    static let reply = EndOfDevelopment.reply
    static let faults = [
        DevelopmentFault.stepRefused, DevelopmentFault.developmentEnded, DevelopmentFault.memberAlready,
        MembershipFault.memberEnded, MembershipFault.factOutOfOrder,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let ending = try EndOfDevelopment(params, call)
        guard ending.progress.taken[DevelopmentStep.admission] != nil else {
            return try ending.write(.rejected, .rejected)
        }
        guard ending.progress.isProbationary else { throw try ending.memberAlready() }
        return try ending.write(.cancelled, .probationCancelled)
    }

    static var examples: Examples<Params, Reply> { EndOfDevelopment.examples(.probationCancelled) }
}
