internal import XinglinKit

/// `events.parked.retry`: has parked events tried again.
struct EventsParkedRetry: RPCMethod {
    struct Params: Codable, Sendable {
        var handler: String
        var number: Int64?
    }
    struct Reply: Codable, Sendable {
        var handler: String
        var retried: Int
    }

    static let name = "events.parked.retry"
    static let summary = "Has the handler try a parked event again, or all that are parked at the caller's sites."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        .required("handler", .code(1...100), "The handler, as events.parked.list names it."),
        .optional("number", .integer(1...Int64.max), "This event alone; all that are parked where it is absent."))
    static let reply = Schema.object(
        .required("handler", .code(1...100), "The handler."),
        .required("retried", .integer(1...Int64.max), "How many are tried again."))
    static let examples = Examples<Params, Reply>(
        full: (Params(handler: "example.day.count", number: 1041), Reply(handler: "example.day.count", retried: 1)),
        minimal: (Params(handler: "example.day.count"), Reply(handler: "example.day.count", retried: 3)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let mine = try AdministeredSites(call)
        let context = try call.hosted
        let count = try call.db.execute(
            ParkedStore.retry(params.handler, params.number, sites: mine.sites, everywhere: mine.isEverywhere),
            expecting: .atLeastOne, otherwise: HostFault.notFound.fault(["handler": .string(params.handler)]))
        call.note("handler", .string(params.handler))
        call.note("retried", .integer(Int64(count)))
        let handlers = context.services.handlers
        context.onCommit { handlers.wake() }
        return Reply(handler: params.handler, retried: count)
    }
}
