internal import XinglinKit
internal import XinglinRPC

/// `events.subscribe`: has events pushed on this connection.
struct EventsSubscribe: RPCMethod {
    struct Params: Codable, Sendable {
        var topics: [String]
        var after: Int64?
    }
    struct Reply: Codable, Sendable {
        var subscriptionId: RecordID
        var after: Int64
    }

    static let name = "events.subscribe"
    static let summary = """
        Has events pushed on this connection as events.notify, in their order, from the sites at which the caller may have \
        them; events.ended says that and why no more will come.
        """
    static let effect = Effect.read
    static let access = Access.authenticated
    static let scope = Scope.host
    static let params = Schema.object(
        .required(
            "topics", .array(.opaque(1...100), 1...50), "Topics by name, or `module.*` for all of a module's."),
        .optional(
            "after", .integer(0...Int64.max),
            "The `seq` after which to begin, such as the last one that was dealt with; from now on where it is absent."))
    static let reply = Schema.object(
        .required("subscriptionId", .id, "The subscription; every notification carries it."),
        .required("after", .integer(0...Int64.max), "The `seq` after which it begins."))
    static let faults = [EventRefusal.eventsGone, EventRefusal.tooManySubscriptions, EventRefusal.notPushable]
    private static let example = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
    static let examples = Examples<Params, Reply>(
        full: (Params(topics: ["people.*", "host.siteCreated"], after: 1041), Reply(subscriptionId: example, after: 1041)),
        minimal: (Params(topics: ["example.noteAdded"]), Reply(subscriptionId: example, after: 1044)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let context = try call.hosted
        let services = context.services
        guard context.connection.path != nil, let state = context.state else {
            throw EventRefusal.notPushable.fault()
        }
        let selection = try TopicSelection(
            params.topics, registry: services.registry, principal: call.caller,
            directory: services.directory.snapshot)
        let range = try EventRange(call.db.rows(EventRange.query))
        let after = params.after ?? range.last
        guard after <= range.last else {
            throw Fault.invalid(
                "/after", expected: "at most \(range.last), the last number given", zh: "不大于最后的编号 \(range.last)")
        }
        guard after + 1 >= range.oldest else { throw EventRefusal.gone(range) }
        let id = RecordID.make(at: HostClock.system.now)
        try services.feed.add(
            Subscription(
                id, context.connection, Subscriber(account: call.caller.accountID, state: state),
                reach: selection.reach, after: after))
        context.onAnswer { services.feed.activate(id) }
        return Reply(subscriptionId: id, after: after)
    }
}
