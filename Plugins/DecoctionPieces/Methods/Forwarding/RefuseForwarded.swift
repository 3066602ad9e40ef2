internal import XinglinKit

/// `decoction.forwarded.refuse`
struct RefuseForwarded: RPCMethod {
    struct Params: Codable, Sendable {
        let forwardingId: RecordID
        let reason: String
    }

    typealias Reply = ForwardingMoved

    static let name = "decoction.forwarded.refuse"
    static let summary = """
        Sends a prescription of another site back to its doctor before it is taken; once it is taken the review does that.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist, .reviewer])
    static let params = Schema.object(
        ForwardingStep.id, .required("reason", .text(1...500), "What the doctor is told. It is kept encrypted."))
    static let reply = ForwardingMoved.schema
    static let faults = [ForwardingFault.forwardingStateConflict]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try ForwardingStep.refuse(params.forwardingId, because: params.reason, from: .sent, call)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(forwardingId: Sample.forwarding, reason: "今日停止代煎，请于明日转方"),
            reply: ForwardingMoved(Sample.forwarding, .refused)
        )
        return Examples(full: example, minimal: example)
    }
}
