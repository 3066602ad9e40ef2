import XinglinKit

/// A module for the host's own tests: boxes with a number in them that may not go below zero.
struct CounterModule: FeatureModule {
    static let empty = FaultKind(
        "counter.empty", code: 9801, message: .init(zh: "已空", en: "The box is empty"),
        hint: .init(zh: "先放入", en: "Put something in first"))

    static let manifest = ModuleManifest(
        code: "counter", version: "1", summary: .init(zh: "计数", en: "Boxes"), faults: [empty],
        constraints: ["box_not_below_zero": empty],
        migrations: [
            Migration(
                "m0001_create",
                Array(
                    """
                    CREATE TABLE counter.box (
                        box_id uuid PRIMARY KEY, site_id uuid NOT NULL, name text NOT NULL,
                        amount bigint NOT NULL CONSTRAINT box_not_below_zero CHECK (amount >= 0),
                        CONSTRAINT box_named_once UNIQUE (site_id, name));
                    ALTER TABLE counter.box ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE counter.box FORCE ROW LEVEL SECURITY;
                    CREATE POLICY box_site ON counter.box
                        USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
                    """.utf8))
        ],
        tables: [.perSite("box")])

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [AddToBox(), ListBoxes(), SleepInBox(), WriteInRead(), PeekAudit(), LoseItAll()] }
}

struct BoxParams: Codable, Sendable {
    var name: String
    var amount: Int64
}

struct BoxReply: Codable, Sendable {
    var name: String
    var amount: Int64

    static let schema = Schema.object(
        .required("name", .text(1...40), "The box."),
        .required("amount", .integer(-1_000_000...1_000_000), "What is in it."))
}

/// Adds to a box, making it where there is none; `amount` may be negative.
struct AddToBox: RPCMethod {
    static let name = "counter.box.add"
    static let summary = "Adds to a box."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = BoxReply.schema
    static let reply = BoxReply.schema
    static let faults = [CounterModule.empty]
    static let examples = Examples<BoxParams, BoxReply>(
        full: (BoxParams(name: "a", amount: 1), BoxReply(name: "a", amount: 1)),
        minimal: (BoxParams(name: "a", amount: 1), BoxReply(name: "a", amount: 1)))

    func handle(_ params: BoxParams, _ call: Call) throws -> BoxReply {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(
                """
                INSERT INTO counter.box (box_id, site_id, name, amount) \
                VALUES (\(call.newID()), \(site), \(params.name), 0) ON CONFLICT (site_id, name) DO NOTHING
                """),
            Statement(
                """
                UPDATE counter.box SET amount = amount + \(params.amount) \
                WHERE site_id = \(site) AND name = \(params.name) RETURNING amount
                """, .rows(1)),
        ])
        let amount: Int64? = try results[1].first()
        call.note("box", .string("noted"))
        return BoxReply(name: params.name, amount: amount ?? 0)
    }
}

struct ListBoxes: RPCMethod {
    struct Reply: Codable, Sendable { var boxes: RowList<BoxReply> }
    static let name = "counter.box.list"
    static let summary = "Lists the boxes that the caller may read."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .statistician])
    static let params = Schema.object()
    static let reply = Schema.object(.required("boxes", .array(BoxReply.schema, 0...500), "The boxes."))
    static let examples = Examples<Empty, Reply>(
        full: (Empty(), Reply(boxes: .elements([]))), minimal: (Empty(), Reply(boxes: .elements([]))))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let rows = try call.db.rows("SELECT name, amount FROM counter.box ORDER BY name")
        return Reply(boxes: .json(rows.json([.string("name"), .integer("amount")])))
    }
}

/// Writes, and then sleeps for `amount` milliseconds.
struct SleepInBox: RPCMethod {
    static let name = "counter.box.sleep"
    static let summary = "Adds 1 to a box and then sleeps."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = BoxReply.schema
    static let reply = BoxReply.schema
    static let examples = AddToBox.examples

    func handle(_ params: BoxParams, _ call: Call) throws -> BoxReply {
        let reply = try AddToBox().handle(BoxParams(name: params.name, amount: 1), call)
        try call.db.execute("SELECT pg_sleep(\(params.amount)::float8 / 1000)")
        return reply
    }
}

/// Declared as a read, but writes: the database must refuse it.
struct WriteInRead: RPCMethod {
    static let name = "counter.box.writeInRead"
    static let summary = "Tries to write in a read."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist])
    static let params = BoxReply.schema
    static let reply = BoxReply.schema
    static let examples = AddToBox.examples

    func handle(_ params: BoxParams, _ call: Call) throws -> BoxReply {
        try AddToBox().handle(params, call)
    }
}

/// Tries to read the host's tables.
struct PeekAudit: RPCMethod {
    static let name = "counter.box.peekAudit"
    static let summary = "Tries to read another schema."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object()
    static let reply = Schema.object()
    static let examples = Examples<Empty, Empty>(full: (Empty(), Empty()), minimal: (Empty(), Empty()))

    func handle(_ params: Empty, _ call: Call) throws -> Empty {
        _ = try call.db.rows("SELECT password_hash FROM host.account")
        return Empty()
    }
}

/// Writes, and then fails in a way that is no refusal.
struct LoseItAll: RPCMethod {
    struct Failure: Error {}
    static let name = "counter.box.fail"
    static let summary = "Adds to a box and then fails."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = BoxReply.schema
    static let reply = BoxReply.schema
    static let examples = AddToBox.examples

    func handle(_ params: BoxParams, _ call: Call) throws -> BoxReply {
        _ = try AddToBox().handle(params, call)
        throw Failure()
    }
}
