internal import XinglinKit

/// `events.parked.list`: events that a handler could not deal with.
struct EventsParkedList: RPCMethod {
    struct Params: Codable, Sendable {
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var parked: [Parked]
        var next: String?
    }
    struct Parked: Codable, Sendable {
        var handler: String
        var topic: String
        var number: Int64
        var site: String?
        var reason: String
        var trace: String?
        var attempts: Int
        var since: Timestamp
        var waiting: Int
    }

    static let name = "events.parked.list"
    static let summary = """
        Lists the events of the caller's sites that a handler has failed at so often that they are parked, and how many \
        later ones of the same subject wait behind each.
        """
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "parked",
            .array(
                .object(
                    .required("handler", .code(1...100), "The handler."),
                    .required("topic", .code(1...100), "The event's topic."),
                    .required("number", .integer(1...Int64.max), "The event's number: `seq` of events.notify."),
                    .optional("site", .code(1...32), "Where it happened; absent where that is no site."),
                    .required("reason", .opaque(1...100), "Why the last attempt failed."),
                    .optional("trace", .code(1...64), "Under which the log has the last attempt."),
                    .required("attempts", .integer(1...1_000_000), "How often it was tried."),
                    .required("since", .timestamp, "When it failed first."),
                    .required("waiting", .integer(0...Int64.max), "Events of the same subject that wait behind it.")),
                0...500),
            "The parked events, by handler and number."),
        Schema.pageReply)
    private static let example = Parked(
        handler: "example.day.count", topic: "example.noteAdded", number: 1041, site: "t1", reason: "host.internal",
        trace: "8f6c0e2a5d9b4c1e8a7d3f2b1c0e9d8a", attempts: 6, since: Timestamp(microseconds: 1_795_330_200_000_000),
        waiting: 2)
    static let examples = Examples<Params, Reply>(
        full: (Params(limit: 1, after: "example.day.count~1040"), Reply(parked: [example], next: "example.day.count~1041")),
        minimal: (Params(), Reply(parked: [])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let mine = try AdministeredSites(call)
        let rows = try call.db.rows(
            ParkedStore.list(
                sites: mine.sites, everywhere: mine.isEverywhere, after: page.after(0) ?? "",
                try page.after(1) ?? 0, limit: page.limit + 1))
        let (shown, hasMore) = rows.page(limit: page.limit)
        let directory = try call.hosted.services.directory.snapshot
        let parked = try shown.decode(as: ParkedStore.Columns.self).map { row in
            Parked(
                handler: row.0, topic: row.1, number: row.2, site: row.3.flatMap { directory.sitesByID[$0]?.code },
                reason: row.4 ?? HostFault.internal.reason, trace: row.5, attempts: row.6, since: row.7 ?? call.now,
                waiting: row.8)
        }
        return Reply(
            parked: parked,
            next: hasMore ? parked.last.map { Page.cursor($0.handler, String($0.number)) } : nil)
    }
}
