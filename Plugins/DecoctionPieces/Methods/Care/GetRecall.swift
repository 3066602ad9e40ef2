internal import XinglinKit

/// `decoction.recall.get`
struct GetRecall: RPCMethod {
    struct Params: Codable, Sendable {
        let lotId: RecordID
        var after: String?
    }

    typealias Reply = RecallReport

    static let name = "decoction.recall.get"
    static let summary = "Shows the recall of a lot with every patient who got of its lots, as it stands now."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .doctor])
    static let params = Schema.object(
        .required("lotId", .id, "A recalled lot."),
        .optional("after", .opaque(1...500), "The `next` of the page before."))
    static let reply = RecallReport.schema

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: nil, after: params.after, fields: 2)
        let found = try call.db.query(
            RecallStore.ofLot(params.lotId, site: call.site.id),
            as: (RecordID, RecordID, String, Timestamp, RecordID).self)
        guard let first = found.first else {
            throw HostFault.notFound.fault(["lotId": .string(params.lotId.description)])
        }
        return try RecallReport.read(
            first.0, lots: found.map(\.1), reason: first.2, at: first.3, by: first.4, after: page, call)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    lotId: Sample.lot,
                    after: Page.cursor(Sample.account.description, Sample.prescription.description)),
                RecallReport.example
            ), minimal: (Params(lotId: Sample.lot), RecallReport.empty))
    }
}
