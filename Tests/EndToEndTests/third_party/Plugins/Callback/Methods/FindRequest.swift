internal import XinglinKit

/// `callback.request.find`
struct FindRequest: RPCMethod {
    struct Params: Codable, Sendable {
        let phone: String
    }

    struct Reply: Codable, Sendable {
        let requestId: RecordID
    }

    static let name = "callback.request.find"
    static let summary = "Finds the request of a telephone number, by its blind index."
    static let effect = Effect.read
    static let access = Access.roles([.nurse, .doctor, .pharmacist])
    static let params = Schema.object(
        .required("phone", .text(3...20), "The whole telephone number."))
    static let reply = Schema.object(
        .required("requestId", .id, "The request."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let index = try call.blindIndex(params.phone, of: CallbackModule.phone)
        let found = try call.db.first(RequestStore.find(index, site: call.site.id), as: RecordID.self)
        guard let request = found else { throw HostFault.notFound.fault() }
        return Reply(requestId: request)
    }

    static var examples: Examples<Params, Reply> {
        let request = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
        let call = (params: Params(phone: "000-0000-0001"), reply: Reply(requestId: request))
        return Examples(full: call, minimal: call)
    }
}
