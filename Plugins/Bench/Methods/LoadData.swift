internal import XinglinKit

/// `bench.data.load`
struct LoadData: RPCMethod {
    struct Reply: Codable, Sendable {
        let parties: Int
    }

    static let name = "bench.data.load"
    static let summary = "Loads 20,000 generated parties, 200 products and 1,000 lots into the site, once."
    static let effect = Effect.write
    static let access = BenchModule.access
    static let params = Schema.object()
    static let reply = Schema.object(.required("parties", .integer(0...1_000_000_000), "The site's parties now."))
    static let examples = Examples(
        full: (params: Empty(), reply: Reply(parties: 20_000)),
        minimal: (params: Empty(), reply: Reply(parties: 20_000)))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let there = try call.db.first(DataStore.count(site: site), as: Int.self) ?? 0
        guard there == 0 else { return Reply(parties: there) }
        try call.db.batch([
            Statement(DataStore.addParties(site: site), .rows(DataStore.parties)),
            Statement(DataStore.addProducts(site: site), .rows(DataStore.products)),
            Statement(DataStore.addLots(site: site), .rows(DataStore.lots)),
        ])
        return Reply(parties: DataStore.parties)
    }
}
