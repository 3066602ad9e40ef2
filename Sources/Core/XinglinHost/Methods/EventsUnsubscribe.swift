internal import XinglinKit

/// `events.unsubscribe`: ends a subscription of this connection.
struct EventsUnsubscribe: RPCMethod {
    struct Params: Codable, Sendable {
        var subscriptionId: RecordID
    }
    struct Reply: Codable, Sendable {
        var subscriptionId: RecordID
        var after: Int64
    }

    static let name = "events.unsubscribe"
    static let summary = "Ends a subscription of this connection; no notification of it follows the reply."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object(.required("subscriptionId", .id, "The subscription."))
    static let reply = Schema.object(
        .required("subscriptionId", .id, "The subscription that has ended."),
        .required("after", .integer(0...Int64.max), "Subscribe after this `seq` to go on."))
    private static let example = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
    private static let call = (
        params: Params(subscriptionId: example), reply: Reply(subscriptionId: example, after: 1044)
    )
    static let examples = Examples<Params, Reply>(full: call, minimal: call)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let context = try call.hosted
        guard let after = context.services.feed.remove(params.subscriptionId, of: context.connection) else {
            throw HostFault.notFound.fault(["subscriptionId": .string(params.subscriptionId.description)])
        }
        return Reply(subscriptionId: params.subscriptionId, after: after)
    }
}
