internal import XinglinKit

/// `decoction.stock.issue`
struct IssueStock: RPCMethod {
    struct Params: Codable, Sendable {
        let lines: [IssueLine]
        let reason: String
        var locationId: RecordID?
        var bookedOn: LocalDate?
        var confirmedByStaffId: RecordID?
    }

    struct Reply: Codable, Sendable {
        let documentId: RecordID
        let moves: [Move]
    }

    static let name = "decoction.stock.issue"
    static let summary = """
        Issues pieces from accepted, unexpired lots, first expiry first (PC-03); a line splits over lots, \
        and the document is issued whole or not at all (PC-04).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required(
            "lines",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("quantityMg", .integer(1...10_000_000_000), "How much, in milligrams."),
                    .optional("lotId", .id, "From this lot only; by first expiry unless told.")),
                1...200),
            "What to issue."),
        .required("reason", .text(1...200), "What for."),
        .optional("locationId", .id, "From this place; from the main store unless told."), Booking.field,
        ToxicDocument.field)
    static let reply = Schema.object(
        .required("documentId", .id, "The document of the movements."),
        .required(
            "moves",
            .array(
                .object(
                    .required("lotId", .id, "The lot."),
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("quantityMg", .integer(1...10_000_000_000), "What was taken from the lot.")),
                1...100_000),
            "What was taken, in the order of the lines, within a line by first expiry."))
    static let faults = [
        DecoctionFault.pieceUnknown, DecoctionFault.insufficientStock, DecoctionFault.lotNotAccepted,
        DecoctionFault.lotExpired, DecoctionFault.lotPieceMismatch, LedgerFault.periodClosed,
        CatalogueFault.pieceOutOfUse, DispensingFault.staffNotEntitled, GuardFault.notThereThen,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = call.newID()
        let act = try LotStore.Act(call, bookedOn: Booking.day(params.bookedOn, call))
        let document = IssueDocument(params.lines)
        let reason = PlainText.trimmed(params.reason)
        let place = params.locationId.flatMap { $0 == act.site ? nil : $0 }
        // What lies in the main store is taken by the statement alone; holdings elsewhere are read behind the lock of their lots.
        if place != nil { try call.db.execute(ReservationStore.lockLots(document.pieceCodes, act)) }
        let toxic = ToxicDocument(id: id, kind: .issue, act: act, call: call)
        let results = try call.db.batch(
            document.entries.map { entry in
                guard let place else {
                    return Statement(TakingStore.take(entry, document: id, reason: reason, act))
                }
                return Statement(TakingStore.take(entry, at: place, document: id, reason: reason, act))
            } + [toxic.note])
        let taken = try zip(document.entries, results).map { entry, rows in
            try rows.decode(as: (RecordID, Int64).self)
                .map { Move(lotId: $0, pieceCode: entry.line.pieceCode, quantityMg: $1) }
        }
        guard document.shortEntries(taken).isEmpty else {
            // What the catalogue has withdrawn is not given out; it leaves by disposal.
            let withdrawn = try call.db.query(
                CatalogueStore.withdrawn(document.pieceCodes, named: []), as: (String, String, LocalDate).self)
            guard withdrawn.isEmpty else {
                throw CatalogueFault.pieceOutOfUse.fault(.array(withdrawn.map { ["pieceCode": .string($0.0)] }))
            }
            throw try Self.refusal(of: document, at: place, taken, act, call)
        }
        try BackDating.check(id, act, call)
        if let noted = results.last { try toxic.confirm(by: params.confirmedByStaffId, noted: noted) }
        call.note("documentId", .string(id.description))
        call.note("lines", .integer(Int64(params.lines.count)))
        let moves = document.inRequestOrder(taken)
        try call.publish(
            DecoctionTopic.stockIssued, subject: id,
            DecoctionTopic.StockIssued(
                documentId: id, moves: moves.count, quantityMg: moves.reduce(0) { $0 + $1.quantityMg }))
        return Reply(documentId: id, moves: moves)
    }

    /// What was taken is still taken here, until the host rolls the call back: the refusal adds it to what it reads.
    static func refusal(
        of document: IssueDocument, at place: RecordID?, _ taken: [[Move]], _ act: LotStore.Act, _ call: Call
    ) throws -> Fault {
        if let place { try LocationStore.require(place, call) }
        let results = try call.db.batch([
            Statement(PieceStore.known(document.pieceCodes)),
            Statement(LotStore.describe(document.namedLots, site: act.site)),
            Statement(StockStore.totals(document.pieceCodes, at: place ?? act.site, act)),
            Statement(TransferStore.lying(document.namedLots, at: place ?? act.site, site: act.site)),
        ])
        let known = try results[0].decode(as: String.self)
        let lots = try LotStore.descriptions(results[1])
        let lying = try Dictionary(
            uniqueKeysWithValues: results[3].decode(as: (RecordID, Int64).self).map { ($0.0, $0.1) })
        let totals = try results[2].decode(as: (String, Int64, Int64, Int64).self)
        return IssueRefusal(
            document: document, taken: taken, knownCodes: Set(known),
            lots: Dictionary(
                uniqueKeysWithValues: lots.map { ($0.lotID, $0.lot.lying(lying[$0.lotID] ?? 0)) }),
            stock: Dictionary(
                uniqueKeysWithValues: totals.map {
                    ($0, IssueRefusal.Stock(availableMg: $1, quarantinedMg: $2, expiredMg: $3))
                }),
            today: call.today
        ).fault
    }

    static var examples: Examples<Params, Reply> {
        let move = Move(lotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 120_000)
        let reply = Reply(documentId: Sample.document, moves: [move])
        return Examples(
            full: (
                Params(
                    lines: [IssueLine(pieceCode: "XLYP0001", quantityMg: 120_000, lotId: Sample.lot)],
                    reason: "病区领用", locationId: Sample.location, bookedOn: Sample.instant.localDate,
                    confirmedByStaffId: Sample.checker),
                reply
            ),
            minimal: (
                Params(lines: [IssueLine(pieceCode: "XLYP0001", quantityMg: 120_000)], reason: "病区领用"), reply
            ))
    }
}
