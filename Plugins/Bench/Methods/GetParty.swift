internal import XinglinKit

/// `bench.party.get`
struct GetParty: RPCMethod {
    struct Params: Codable, Sendable {
        let id: Int64
    }

    static let name = "bench.party.get"
    static let summary = "Reads one generated party as a read of what is not personal: no audit row."
    static let effect = Effect.read
    static let access = BenchModule.access
    static let params = Schema.object(.required("id", .integer(1...Int64.max), "The party's number."))
    static let reply = Party.schema
    static let faults = [BenchFault.partyUnknown]
    static let examples = Examples(
        full: (params: Params(id: 1), reply: Party.example),
        minimal: (params: Params(id: 1), reply: Party.minimalExample))

    func handle(_ params: Params, _ call: Call) throws -> Party {
        try PartyStore.find(params.id, call)
    }
}
