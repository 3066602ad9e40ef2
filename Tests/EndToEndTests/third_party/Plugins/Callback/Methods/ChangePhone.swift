internal import XinglinKit

/// `callback.request.changePhone`
struct ChangePhone: RPCMethod {
    struct Params: Codable, Sendable {
        let requestId: RecordID
        let phone: String
    }

    static let name = "callback.request.changePhone"
    static let summary = "Corrects the telephone number of a request."
    static let effect = Effect.write
    static let access = Access.roles([.nurse, .doctor, .pharmacist])
    static let params = Schema.object(
        .required("requestId", .id, "The request."),
        .required("phone", .text(3...20), "The right telephone number."))
    static let reply = Schema.object()
    static let faults = [CallbackFault.alreadyOpen]

    func handle(_ params: Params, _ call: Call) throws -> Empty {
        let phone = try call.seal(params.phone, for: CallbackModule.phone, row: params.requestId)
        let index = try call.blindIndex(params.phone, of: CallbackModule.phone)
        try call.db.execute(
            RequestStore.change(params.requestId, phone: phone, index: index, site: call.site.id),
            expecting: .rows(1),
            otherwise: HostFault.notFound.fault(["requestId": .string(params.requestId.description)]))
        call.note("requestId", .string(params.requestId.description))
        return Empty()
    }

    static var examples: Examples<Params, Empty> {
        let request = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
        let call = (params: Params(requestId: request, phone: "000-0000-0002"), reply: Empty())
        return Examples(full: call, minimal: call)
    }
}
