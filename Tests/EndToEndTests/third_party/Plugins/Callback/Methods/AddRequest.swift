internal import XinglinKit

/// `callback.request.add`
struct AddRequest: RPCMethod {
    struct Params: Codable, Sendable {
        let phone: String
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let requestId: RecordID
    }

    static let name = "callback.request.add"
    static let summary = "Notes down that somebody asked to be called back."
    static let effect = Effect.write
    static let access = Access.roles([.nurse, .doctor, .pharmacist])
    static let params = Schema.object(
        .required("phone", .text(3...20), "The telephone number."),
        .required("reason", .text(1...200), "Why. The setting `callback.longestText` may allow fewer characters."))
    static let reply = Schema.object(
        .required("requestId", .id, "The new request."))
    static let faults = [CallbackFault.alreadyOpen]

    let longestText: Int

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.reason.unicodeScalars.count <= self.longestText else {
            throw Fault.invalid("/reason", expected: "at most \(self.longestText) characters")
        }
        let request = call.newID()
        let phone = try call.seal(params.phone, for: CallbackModule.phone, row: request)
        let index = try call.blindIndex(params.phone, of: CallbackModule.phone)
        try call.db.execute(
            RequestStore.add(
                request, phone: phone, index: index, reason: params.reason, site: call.site.id, at: call.now),
            expecting: .rows(1))
        call.note("requestId", .string(request.description))
        return Reply(requestId: request)
    }

    static var examples: Examples<Params, Reply> {
        let request = RecordID(high: 0x0198_F3A2_7B00_7000, low: 0x8000_0000_0000_0001)
        let call = (params: Params(phone: "000-0000-0001", reason: "询问煎药进度"), reply: Reply(requestId: request))
        return Examples(full: call, minimal: call)
    }
}
