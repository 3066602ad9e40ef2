import XinglinKit

/// A module that calls another: it notes orders and takes what they need from the other's boxes.
struct OrderModule: FeatureModule {
    static let manifest = ModuleManifest(
        code: "orders", version: "1", summary: .init(zh: "订单", en: "Orders"), needs: ["counter"],
        uses: ["counter.box.add"],
        migrations: [
            Migration(
                "m0001_create",
                Array(
                    """
                    CREATE TABLE orders.placed (
                        order_id uuid PRIMARY KEY, site_id uuid NOT NULL, box text NOT NULL, was_taken boolean NOT NULL);
                    ALTER TABLE orders.placed ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE orders.placed FORCE ROW LEVEL SECURITY;
                    CREATE POLICY placed_site ON orders.placed
                        USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
                    """.utf8))
        ],
        tables: [.perSite("placed")])

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [PlaceOrder(), CallForbidden()] }
}

/// Takes from a box; an empty box is noted as not taken, and the order stands all the same.
struct PlaceOrder: RPCMethod {
    struct Reply: Codable, Sendable { var taken: Bool }
    static let name = "orders.order.place"
    static let summary = "Places an order."
    static let effect = Effect.write
    static let access = Access.roles([.doctor])
    static let params = BoxReply.schema
    static let reply = Schema.object(.required("taken", .boolean, "Whether the box held enough."))
    static let examples = Examples<BoxParams, Reply>(
        full: (BoxParams(name: "a", amount: 1), Reply(taken: true)),
        minimal: (BoxParams(name: "a", amount: 1), Reply(taken: true)))

    func handle(_ params: BoxParams, _ call: Call) throws -> Reply {
        var taken = true
        do {
            let _: BoxReply = try call.module("counter.box.add", BoxParams(name: params.name, amount: -params.amount))
        } catch let fault as Fault where fault.kind == CounterModule.empty {
            taken = false
        }
        try call.db.execute(
            """
            INSERT INTO orders.placed (order_id, site_id, box, was_taken) \
            VALUES (\(call.newID()), \(try call.site.id), \(params.name), \(taken))
            """, expecting: .rows(1))
        return Reply(taken: taken)
    }
}

/// Calls a method that the manifest's `uses` does not name.
struct CallForbidden: RPCMethod {
    static let name = "orders.order.peek"
    static let summary = "Calls what it may not."
    static let effect = Effect.read
    static let access = Access.roles([.doctor])
    static let params = Schema.object()
    static let reply = Schema.object()
    static let examples = Examples<Empty, Empty>(full: (Empty(), Empty()), minimal: (Empty(), Empty()))

    func handle(_ params: Empty, _ call: Call) throws -> Empty {
        let _: ListBoxes.Reply = try call.module("counter.box.list", Empty())
        return Empty()
    }
}
