import XinglinKit

/// A module for the tests of events: bells that are rung, and counted by handlers that a test can make fail.
struct BellModule: FeatureModule {
    static let cracked = FaultKind(
        "bell.cracked", code: 9870, message: .init(zh: "钟裂了", en: "The bell is cracked"),
        hint: .init(zh: "修好它", en: "Mend it"))

    struct Rung: Codable, Sendable {
        let name: String
        let count: Int64
    }

    static let rung = EventTopic(
        "bell.rung", .init(zh: "敲了钟", en: "A bell was rung"), access: .roles([.nurse, .doctor]),
        body: .object(
            .required("name", .code(1...40), "Which."), .required("count", .integer(0...1_000_000), "How often by now.")
        ),
        example: Rung(name: "a", count: 1))
    /// Only handlers get it.
    static let tolled = EventTopic(
        "bell.tolled", .init(zh: "鸣钟", en: "A bell was tolled"), access: .modules, body: Self.rung.body,
        example: Rung(name: "a", count: 1))
    /// Not in the manifest.
    static let undeclared = EventTopic(
        "bell.undeclared", .init(zh: "未声明", en: "Not declared"), access: .authenticated, body: Self.rung.body,
        example: Rung(name: "a", count: 1))

    static let manifest = ModuleManifest(
        code: "bell", version: "1", summary: .init(zh: "钟", en: "Bells"), faults: [cracked],
        migrations: [Migration("m0001_create", Array(Self.tables.utf8))],
        tables: [.perSite("bell"), .perSite("heard"), .perSite("trouble")], publishes: [rung, tolled])

    private static let tables = ["bell", "heard", "trouble"].map { table in
        let columns =
            switch table {
            case "bell": "name text NOT NULL, count bigint NOT NULL, CONSTRAINT bell_key PRIMARY KEY (site_id, name)"
            case "heard":
                "place bigint GENERATED ALWAYS AS IDENTITY, handler text NOT NULL, number bigint NOT NULL, name text NOT NULL, count bigint NOT NULL"
            default: "handler text NOT NULL, name text NOT NULL"
            }
        return """
            CREATE TABLE bell.\(table) (site_id uuid NOT NULL, \(columns));
            ALTER TABLE bell.\(table) ENABLE ROW LEVEL SECURITY;
            ALTER TABLE bell.\(table) FORCE ROW LEVEL SECURITY;
            CREATE POLICY site ON bell.\(table)
                USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
            """
    }.joined(separator: "\n")

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [RingBell(), RingInRead()] }
    var handlers: [any EventHandler] { [FirstListener(), SecondListener()] }

    /// What both handlers do: hear the bell, unless the test has made trouble.
    static func hear(_ handler: String, _ event: Event, _ call: Call) throws {
        let body: Rung = try event.decode()
        let trouble = try call.db.rows(
            "SELECT FROM bell.trouble WHERE handler = \(handler) AND name = \(body.name)")
        try call.db.execute(
            """
            INSERT INTO bell.heard (site_id, handler, number, name, count) \
            VALUES (\(call.site.id), \(handler), \(event.number), \(body.name), \(body.count))
            """)
        // After the work, so that it must be undone.
        if !trouble.isEmpty { throw Self.cracked.fault() }
    }
}

struct FirstListener: EventHandler {
    static let name = "bell.first.hear"
    static let topics = ["bell.rung"]
    static let start = EventStart.oldest
    func handle(_ event: Event, _ call: Call) throws { try BellModule.hear(Self.name, event, call) }
}

struct SecondListener: EventHandler {
    static let name = "bell.second.hear"
    static let topics = ["bell.rung"]
    func handle(_ event: Event, _ call: Call) throws { try BellModule.hear(Self.name, event, call) }
}

/// Rings a bell: its row is locked from the ringing until the commit, so that its count gives the order of causes.
struct RingBell: RPCMethod {
    struct Params: Codable, Sendable {
        var name: String
        var sleepMs: Int64?
        /// `refuse` after the publication, or what must not be published: `undeclared`, `wrongBody`,
        /// `unconcerned`; `parent` rings at the parent site too.
        var trick: String?
    }
    struct Reply: Codable, Sendable {
        var count: Int64
    }
    static let name = "bell.bell.ring"
    static let summary = "Rings a bell."
    static let effect = Effect.write
    static let access = Access.roles([.nurse])
    static let params = Schema.object(
        .required("name", .code(1...40), "Which."), .optional("sleepMs", .integer(0...10_000), "For how long."),
        .optional("trick", .code(1...40), "What goes wrong."))
    static let reply = Schema.object(.required("count", .integer(0...1_000_000), "How often by now."))
    static let faults = [BellModule.cracked]
    static let examples = Examples<Params, Reply>(
        full: (Params(name: "a", sleepMs: 1, trick: "refuse"), Reply(count: 1)),
        minimal: (Params(name: "a"), Reply(count: 1)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let count: Int64? = try call.db.first(
            """
            INSERT INTO bell.bell AS bell (site_id, name, count) VALUES (\(call.site.id), \(params.name), 1) \
            ON CONFLICT ON CONSTRAINT bell_key DO UPDATE SET count = bell.count + 1 RETURNING count
            """)
        let body = BellModule.Rung(name: params.name, count: count ?? 0)
        if let sleep = params.sleepMs { try call.db.execute("SELECT pg_sleep(\(sleep)::float8 / 1000)") }
        switch params.trick {
        case "undeclared": try call.publish(BellModule.undeclared, subject: Self.subject(params.name), body)
        case "wrongBody": try call.publish(BellModule.rung, subject: Self.subject(params.name), ["name": "a"])
        case "unconcerned", "parent":
            guard let parent = try call.site.parentID else { throw BellModule.cracked.fault() }
            if params.trick == "parent" { call.concern(parent) }
            try call.publish(BellModule.rung, subject: Self.subject(params.name), body)
            try call.publish(BellModule.rung, at: parent, subject: Self.subject(params.name), body)
        default: try call.publish(BellModule.rung, subject: Self.subject(params.name), body)
        }
        if params.trick == "refuse" { throw BellModule.cracked.fault() }
        return Reply(count: body.count)
    }

    /// One subject per bell, whose name is one or two characters.
    static func subject(_ name: String) -> RecordID {
        RecordID(high: 7, low: name.utf8.reduce(0) { $0 << 8 | UInt64($1) })
    }
}

/// Declared as a read, but publishes.
struct RingInRead: RPCMethod {
    static let name = "bell.bell.ringInRead"
    static let summary = "Publishes in a read."
    static let effect = Effect.read
    static let access = Access.roles([.nurse])
    static let params = Schema.object()
    static let reply = Schema.object()
    static let examples = Examples<Empty, Empty>(full: (Empty(), Empty()), minimal: (Empty(), Empty()))

    func handle(_ params: Empty, _ call: Call) throws -> Empty {
        try call.publish(BellModule.rung, subject: RingBell.subject("a"), BellModule.Rung(name: "a", count: 1))
        return Empty()
    }
}

/// A module that rings the other's bells, and says so itself.
struct RingerModule: FeatureModule {
    static let rang = EventTopic(
        "ringer.bellsRung", .init(zh: "敲过了", en: "Bells were rung"), access: .authenticated,
        body: .object(.required("count", .integer(0...100), "How many.")), example: ["count": 1])
    static let manifest = ModuleManifest(
        code: "ringer", version: "1", summary: .init(zh: "敲钟人", en: "Ringer"), needs: ["bell"],
        uses: ["bell.bell.ring"], publishes: [rang])
    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [RingTwice()] }
}

/// Rings bell `a`, and bell `b` in vain.
struct RingTwice: RPCMethod {
    static let name = "ringer.bells.ring"
    static let summary = "Rings two bells, the second in vain."
    static let effect = Effect.write
    static let access = Access.roles([.nurse])
    static let params = Schema.object()
    static let reply = Schema.object()
    static let examples = Examples<Empty, Empty>(full: (Empty(), Empty()), minimal: (Empty(), Empty()))

    func handle(_ params: Empty, _ call: Call) throws -> Empty {
        let _: RingBell.Reply = try call.module("bell.bell.ring", RingBell.Params(name: "a"))
        do {
            let _: RingBell.Reply = try call.module("bell.bell.ring", RingBell.Params(name: "b", trick: "refuse"))
        } catch let fault as Fault where fault.kind == BellModule.cracked {
            try call.publish(RingerModule.rang, subject: RingBell.subject("a"), ["count": 1])
        }
        return Empty()
    }
}
