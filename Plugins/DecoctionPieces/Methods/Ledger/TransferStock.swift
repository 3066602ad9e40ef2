internal import XinglinKit

/// `decoction.stock.transfer`
struct TransferStock: RPCMethod {
    struct Params: Codable, Sendable {
        var fromLocationId: RecordID?
        var toLocationId: RecordID?
        let lines: [Line]
        var reason: String?
    }

    struct Line: Codable, Sendable {
        let lotId: RecordID
        let quantityMg: Int64
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
    }

    static let name = "decoction.stock.transfer"
    static let summary = """
        Moves accepted, unexpired stock from one place of the site to another, whole or not at all: each line has two \
        movements that add up to nothing (PC-03, PC-04).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .optional("fromLocationId", .id, "Where it lies; the main store unless told."),
        .optional("toLocationId", .id, "Where it goes; the main store unless told."),
        .required(
            "lines",
            .array(
                .object(
                    .required("lotId", .id, "The lot."),
                    .required("quantityMg", .integer(1...10_000_000_000), "How much of it, in milligrams.")),
                1...200),
            "What to move; each lot once."),
        .optional("reason", .text(1...200), "What for."))
    static let reply = Schema.object(.required("documentId", .id, "The document of the movements."))
    static let faults = [
        DecoctionFault.insufficientStock, DecoctionFault.lotNotAccepted, DecoctionFault.lotExpired,
        LedgerFault.locationClosed, LedgerFault.locationUnsuitable,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let document = call.newID()
        let act = try LotStore.Act(call)
        let (from, to) = (params.fromLocationId ?? act.site, params.toLocationId ?? act.site)
        guard from != to else {
            throw Fault.invalid("/toLocationId", expected: "another place than the source", zh: "与来源不同的位置")
        }
        guard Set(params.lines.map(\.lotId)).count == params.lines.count else {
            throw Fault.invalid("/lines", expected: "each lot once", zh: "每个批次只列一次")
        }
        let reason = PlainText.trimmed(params.reason ?? "")
        // In one order, so that two documents never wait for each other in a ring.
        let lines = params.lines.enumerated()
            .map { TransferStore.Line(number: $0.offset + 1, lot: $0.element.lotId, quantityMg: $0.element.quantityMg) }
            .sorted { $0.lot < $1.lot }
        let results = try call.db.batch(
            [Statement(ReservationStore.lock(lines.map(\.lot), act))]
                + lines.map {
                    Statement(
                        TransferStore.transfer($0, from: from, to: to, document: document, reason: reason, act))
                }
        ).dropFirst()
        if let short = zip(lines, results).first(where: { $0.1.affected != 2 })?.0 {
            throw try TransferRefusal(line: short, from: from, to: to, act: act).fault(call)
        }
        call.note("documentId", .string(document.description))
        call.note("lines", .integer(Int64(lines.count)))
        return Reply(documentId: document)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(lotId: Sample.lot, quantityMg: 500_000)
        let reply = Reply(documentId: Sample.document)
        return Examples(
            full: (
                Params(
                    fromLocationId: Sample.account, toLocationId: Sample.location, lines: [line], reason: "装斗"), reply
            ), minimal: (Params(toLocationId: Sample.location, lines: [line]), reply))
    }
}
