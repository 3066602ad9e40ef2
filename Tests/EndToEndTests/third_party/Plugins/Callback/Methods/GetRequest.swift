internal import XinglinKit

/// `callback.request.get`
struct GetRequest: RPCMethod {
    struct Params: Codable, Sendable {
        let requestId: RecordID
    }

    struct Reply: Codable, Sendable {
        let phone: String
        let reason: String
        let createdAt: Timestamp
    }

    static let name = "callback.request.get"
    static let summary = "Shows a request with its telephone number, to whoever calls back."
    static let effect = Effect.read
    static let access = Access.roles([.nurse, .doctor, .pharmacist])
    static let params = Schema.object(
        .required("requestId", .id, "The request."))
    static let reply = Schema.object(
        .required("phone", .text(3...20), "The telephone number."),
        .required("reason", .text(1...200), "Why."),
        .required("createdAt", .timestamp, "When it was noted down."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let found = try call.db.first(
            RequestStore.get(params.requestId, site: call.site.id), as: (SQLBytes, String, Timestamp).self)
        guard let (sealed, reason, createdAt) = found else { throw HostFault.notFound.fault() }
        // A read that shows personal data is answered only when its audit row stands.
        call.recordAccess(basis: "callback", subjects: [params.requestId])
        let phone = try call.open(sealed, of: CallbackModule.phone, row: params.requestId)
        return Reply(phone: phone, reason: reason, createdAt: createdAt)
    }

    static var examples: Examples<Params, Reply> {
        let request = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
        let reply = Reply(
            phone: "000-0000-0001", reason: "询问煎药进度", createdAt: Timestamp(microseconds: 1_795_330_200_000_000))
        return Examples(
            full: (Params(requestId: request), reply), minimal: (Params(requestId: request), reply))
    }
}
