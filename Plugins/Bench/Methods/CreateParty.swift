internal import XinglinKit

/// `bench.party.create`
struct CreateParty: RPCMethod {
    struct Params: Codable, Sendable {
        let name: String
        var birth: LocalDate?
        var sex: String?
        var phone: String?
        var address: String?
    }

    struct Reply: Codable, Sendable {
        let id: Int64
    }

    static let name = "bench.party.create"
    static let summary = "Adds one generated party."
    static let effect = Effect.write
    static let access = BenchModule.access
    static let params = Schema.object(
        .required("name", .text(1...100), "A generated name; never a real person's."),
        .optional("birth", .date, "A generated date of birth."),
        .optional("sex", .enumeration(["F", "M"]), "F or M."),
        .optional("phone", .text(1...40), "A generated telephone number."),
        .optional("address", .text(1...200), "A generated address."))
    static let reply = Schema.object(.required("id", .integer(1...Int64.max), "The new party's number."))
    static let examples = Examples(
        full: (
            params: Params(
                name: "Zed Newcomer", birth: LocalDate(daysSince1970: 3777), sex: "F", phone: "+86-10-55555555",
                address: "No. 1, Apricot Grove Road"),
            reply: Reply(id: 1_000_001)
        ),
        minimal: (params: Params(name: "Zed Newcomer"), reply: Reply(id: 1_000_002)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id: Int64? = try call.db.first(
            PartyStore.create(params, code: "N\(call.newID())", site: call.site.id))
        guard let id else { throw HostFault.internal.fault() }
        call.note("party", .integer(id))
        return Reply(id: id)
    }
}
