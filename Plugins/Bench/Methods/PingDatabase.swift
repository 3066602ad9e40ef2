internal import XinglinKit

/// `bench.database.ping`
struct PingDatabase: RPCMethod {
    struct Reply: Codable, Sendable {
        let one: Int
    }

    static let name = "bench.database.ping"
    static let summary = "Asks the database for the number 1: the least that a call with a statement costs."
    static let effect = Effect.read
    static let access = BenchModule.access
    static let params = Schema.object()
    static let reply = Schema.object(.required("one", .integer(1...1), "The database's answer."))
    static let examples = Examples(
        full: (params: Empty(), reply: Reply(one: 1)), minimal: (params: Empty(), reply: Reply(one: 1)))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        Reply(one: try call.db.first("SELECT 1", as: Int.self) ?? 0)
    }
}
