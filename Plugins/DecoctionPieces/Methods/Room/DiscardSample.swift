internal import XinglinKit

/// `decoction.sample.discard`
struct DiscardSample: RPCMethod {
    struct Params: Codable, Sendable {
        let sampleId: RecordID
    }

    struct Reply: Codable, Sendable {
        let sampleId: RecordID
        let discardedAt: Timestamp
    }

    static let name = "decoction.sample.discard"
    static let summary = "Records that a sample was thrown away, once it has been kept for as long as it must (8.5)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(.required("sampleId", .id, "The sample."))
    static let reply = Schema.object(
        .required("sampleId", .id, "The sample."), .required("discardedAt", .timestamp, "When."))
    static let faults = [RoomFault.tooEarly]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let name = JSONValue.string(params.sampleId.description)
        if try call.db.execute(SampleStore.discard(params.sampleId, act)) == 0 {
            let found = try call.db.first(
                SampleStore.describe(params.sampleId, site: act.site), as: (RecordID, Timestamp, Timestamp?).self)
            guard let found else { throw HostFault.notFound.fault(["sampleId": name]) }
            guard found.2 == nil else { throw HostFault.conflict.fault(["sampleId": name]) }
            throw RoomFault.tooEarly.fault(["sampleId": name, "earliestAt": .string(found.1.description)])
        }
        call.note("sampleId", name)
        return Reply(sampleId: params.sampleId, discardedAt: act.now)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(sampleId: Sample.keptBag),
            reply: Reply(sampleId: Sample.keptBag, discardedAt: Sample.instant)
        )
        return Examples(full: example, minimal: example)
    }
}
