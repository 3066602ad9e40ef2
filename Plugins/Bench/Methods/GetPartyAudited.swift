internal import XinglinKit

/// `bench.party.getAudited`
struct GetPartyAudited: RPCMethod {
    static let name = "bench.party.getAudited"
    static let summary = "Reads one generated party as a read of personal data: answered once its audit row is kept."
    static let effect = Effect.read
    static let access = BenchModule.access
    static let params = GetParty.params
    static let reply = Party.schema
    static let faults = [BenchFault.partyUnknown]
    static let examples = GetParty.examples

    func handle(_ params: GetParty.Params, _ call: Call) throws -> Party {
        let party = try PartyStore.find(params.id, call)
        call.recordAccess(basis: "measuring", subjects: [party.uid])
        return party
    }
}
