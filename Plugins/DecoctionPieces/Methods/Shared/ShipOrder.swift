internal import XinglinKit

/// `decoction.order.ship`
struct ShipOrder: RPCMethod {
    struct Params: Codable, Sendable {
        let orderId: RecordID
        var lines: [OrderStore.Line]?
        var confirmedByStaffId: RecordID?
    }

    struct Reply: Codable, Sendable {
        let orderId: RecordID
        let state: OrderState
        let documentId: RecordID
        let dueOn: LocalDate
        let moves: [Move]
    }

    static let name = "decoction.order.ship"
    static let summary = """
        Ships an accepted order from the main store, once: accepted, unexpired lots, first expiry first (PC-03), the whole \
        document or nothing. What leaves is in transit until the other site has counted it.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        OrderStep.id,
        .optional(
            "lines",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "A piece of the order."),
                    .required(
                        "quantityMg", .integer(OrderStep.quantity), "How much, at most what was ordered, in milligrams."
                    )),
                1...200), "What is shipped, where it is less than was ordered; all of it unless told."),
        ToxicDocument.field)
    static let reply = Schema.object(
        OrderStep.id,
        .required("state", .enumeration(OrderState.codes), "shipped."),
        .required("documentId", .id, "The document of the movements."),
        .required("dueOn", .date, "By when it has to arrive; overdue behind it."),
        .required(
            "moves",
            .array(
                .object(
                    .required("lotId", .id, "The lot."), .required("pieceCode", .code(1...20), "The piece."),
                    .required("quantityMg", .integer(OrderStep.quantity), "What was taken from the lot.")),
                1...100_000), "What left, in the order of the lines, within a line by first expiry."))
    static let faults = [
        SharedFault.orderStateConflict, SharedFault.shippedMoreThanOrdered, DecoctionFault.insufficientStock,
        DispensingFault.staffNotEntitled,
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let act = try LotStore.Act(call)
        let document = call.newID()
        let due = try OrderStep.due(.shipmentDueDays, call)
        let claim = ShippingStore.ship(
            params.orderId, document: document, dueOn: due.on, ruleVersion: due.version, act)
        guard let receiver = try call.db.first(claim, as: String.self) else {
            throw try OrderStep.refusal(of: params.orderId, placedHere: false, call)
        }
        let ordered = try call.db.query(OrderStore.ordered(params.orderId), as: (Int, String, Int64).self)
        let lines = try Self.lines(params.lines, of: ordered)
        let moves = try Self.take(lines, document: document, reason: "调拨至\(receiver)", act, call)
        let numbers = Dictionary(uniqueKeysWithValues: ordered.map { ($0.1, $0.0) })
        let parts = moves.map {
            ShippingStore.Part(lineNo: numbers[$0.pieceCode] ?? 0, lot: $0.lotId, quantityMg: $0.quantityMg)
        }
        try call.db.execute(ShippingStore.add(parts, to: params.orderId, act), expecting: .rows(parts.count))
        let toxic = ToxicDocument(id: document, kind: .shipment, act: act, call: call)
        try toxic.confirm(by: params.confirmedByStaffId, noted: call.db.batch([toxic.note])[0])
        call.note("documentId", .string(document.description))
        let moved = try OrderStep.done(params.orderId, .shipped, call)
        return Reply(
            orderId: moved.orderId, state: moved.state, documentId: document, dueOn: due.on, moves: moves)
    }

    /// What is to leave, within what was ordered.
    private static func lines(
        _ asked: [OrderStore.Line]?, of ordered: [(Int, String, Int64)]
    ) throws -> [IssueLine] {
        guard let asked else { return ordered.map { IssueLine(pieceCode: $0.1, quantityMg: $0.2) } }
        let limits = Dictionary(uniqueKeysWithValues: ordered.map { ($0.1, $0.2) })
        var seen: Set<String> = []
        for (index, line) in asked.enumerated() where !seen.insert(line.pieceCode).inserted {
            throw Fault.invalid("/lines/\(index)/pieceCode", expected: "each piece on one line", zh: "每种饮片只列一行")
        }
        let excess = asked.filter { $0.quantityMg > limits[$0.pieceCode] ?? 0 }
        guard excess.isEmpty else {
            throw SharedFault.shippedMoreThanOrdered.fault(
                .array(
                    excess.map {
                        ["pieceCode": .string($0.pieceCode), "orderedMg": .integer(limits[$0.pieceCode] ?? 0)]
                    }))
        }
        return asked.map { IssueLine(pieceCode: $0.pieceCode, quantityMg: $0.quantityMg) }
    }

    private static func take(
        _ lines: [IssueLine], document: RecordID, reason: String, _ act: LotStore.Act, _ call: Call
    ) throws -> [Move] {
        let issue = IssueDocument(lines)
        let results = try call.db.batch(
            issue.entries.map {
                Statement(TakingStore.take($0, as: .shipment, document: document, reason: reason, act))
            })
        let taken = try zip(issue.entries, results).map { entry, rows in
            try rows.decode(as: (RecordID, Int64).self)
                .map { Move(lotId: $0, pieceCode: entry.line.pieceCode, quantityMg: $1) }
        }
        guard issue.shortEntries(taken).isEmpty else {
            throw try IssueStock.refusal(of: issue, at: nil, taken, act, call)
        }
        return issue.inRequestOrder(taken)
    }

    static var examples: Examples<Params, Reply> {
        let reply = Reply(
            orderId: Sample.order, state: .shipped, documentId: Sample.document,
            dueOn: Sample.instant.localDate.adding(days: 3),
            moves: [Move(lotId: Sample.lot, pieceCode: "XLYP0001", quantityMg: 2_000_000)])
        let lines = [OrderStore.Line(pieceCode: "XLYP0001", quantityMg: 2_000_000)]
        return Examples(

            full: (Params(orderId: Sample.order, lines: lines, confirmedByStaffId: Sample.checker), reply),
            minimal: (Params(orderId: Sample.order), reply))
    }
}
