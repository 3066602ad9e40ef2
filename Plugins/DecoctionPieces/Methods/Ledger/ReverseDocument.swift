internal import XinglinKit

/// `decoction.movement.reverse`
struct ReverseDocument: RPCMethod {
    struct Params: Codable, Sendable {
        let documentId: RecordID
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
        let movements: Int64
    }

    static let name = "decoction.movement.reverse"
    static let summary = """
        Takes a document back: each of its movements by one that names it, booked today. Nothing is deleted, and a document is \
        taken back once (PC-04).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("documentId", .id, "A receipt, an issue, a disposal, a transfer or opening stock."),
        .required("reason", .text(1...200), "Why."))
    static let reply = Schema.object(
        .required("documentId", .id, "The document that takes it back."),
        .required("movements", .integer(1...Int64.max), "How many movements it has."))
    static let faults = [
        LedgerFault.alreadyReversed, LedgerFault.movedOn, LedgerFault.locationClosed, DecoctionFault.insufficientStock,
        DispensingFault.documentDispensed, DispensingFault.stockReserved,
        SharedFault.shipmentNotReversible, SharedFault.deliveryExists, GuardFault.documentOfStocktake,
        LedgerFault.periodClosed, LedgerFault.reversalNotReversible,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let reversal = call.newID()
        let name: JSONValue = ["documentId": .string(params.documentId.description)]
        let act = try LotStore.Act(call)
        let movements = try call.db.batch([
            Statement(HindranceStore.lockDocument(params.documentId)),
            Statement(
                StocktakeReversal.isNoStocktake(params.documentId, site: act.site), .rows(1),
                otherwise: GuardFault.documentOfStocktake.fault(name)),
            Statement(
                DispensingStore.isNoDispensing(params.documentId, site: act.site), .rows(1),
                otherwise: DispensingFault.documentDispensed.fault(name)),
            Statement(
                TransferStore.reverse(
                    params.documentId, by: reversal, reason: PlainText.trimmed(params.reason), act)),
        ])[3].affected
        guard movements > 0 else { throw try Self.refusal(of: params.documentId, call) }
        call.note("documentId", .string(reversal.description))
        call.note("reverses", .string(params.documentId.description))
        return Reply(documentId: reversal, movements: Int64(movements))
    }

    /// Why nothing of a document was taken back.
    static func refusal(of document: RecordID, _ call: Call) throws -> Fault {
        if let fault = try Hindrance.delivered(document, call) { return fault }
        let closed = try call.db.first(
            TransferStore.closedPlaces(of: document, site: call.site.id), as: RecordID.self)
        guard let place = closed else {
            let between = try call.db.rows(ShippingStore.isOfTwoSites(document, site: call.site.id))
            guard between.isEmpty else {
                return SharedFault.shipmentNotReversible.fault(["documentId": .string(document.description)])
            }
            let back = try call.db.rows(TransferStore.isReversal(document, site: call.site.id))
            let kind = back.isEmpty ? HostFault.notFound : LedgerFault.reversalNotReversible
            return kind.fault(["documentId": .string(document.description)])
        }
        return LedgerFault.locationClosed.fault(["locationId": .string(place.description)])
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(documentId: Sample.document, reason: "发错品种"),
            reply: Reply(documentId: Sample.lot, movements: 2)
        )
        return Examples(full: example, minimal: example)
    }
}
