internal import XinglinKit

/// `decoction.prescription.price`
struct PricePrescription: RPCMethod {
    struct Params: Codable, Sendable {
        let prescriptionId: RecordID
        var withDecoction: Bool?
    }

    struct Reply: Codable, Sendable {
        let prescriptionId: RecordID
        let state: PrescriptionState
        let frozen: Bool
        var pricedAt: String?
        let pricedOn: LocalDate
        var billNo: Int?
        let pieces: [Piece]
        let fees: [Fee]
        var piecesFen: Int64?
        var feesFen: Int64?
        var totalFen: Int64?
        let missing: [Missing]
        let returned: Bool
        var refundFen: Int64?
        var dueFen: Int64?
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let quantityMg: Int64
        var priceFenPerKg: Int64?
        var priceRevision: Int?
        var amountFen: Int64?
    }

    struct Fee: Codable, Sendable {
        let kind: BillKind
        let kindZh: String
        let times: Int64
        var feeFen: Int64?
        var amountFen: Int64?
    }

    struct Missing: Codable, Sendable {
        let kind: BillKind
        var pieceCode: String?
        let nameZh: String
    }

    static let name = "decoction.prescription.price"
    static let summary = """
        Says what a prescription costs: its pieces, and apart from them the fees of what is boiled here (8.4). Frozen by the prices of the day \
        of the review; before it, by those of today. A price that is missing is named, and there is no total then. What another site's pharmacy \
        dispenses is priced there, and its total is known once the medicine has set out.
        """
    static let effect = Effect.read
    static let access = Access.roles([.doctor, .pharmacist, .reviewer])
    static let params = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .optional("withDecoction", .boolean, "As if it were boiled here, or not; by whether it has a job unless told."))
    private static let fen: ClosedRange<Int64> = 0...1_000_000_000_000_000
    static let reply = Schema.object(
        .required("prescriptionId", .id, "The prescription."),
        .required("state", .enumeration(PrescriptionState.codes), "Where it stands."),
        .required("frozen", .boolean, "Whether later prices no longer change it."),
        .optional(
            "pricedAt", .text(1...60),
            "The other site whose pharmacy prices it, by its code; then there are no lines here."),
        .required("pricedOn", .date, "By the prices of which day."),
        .optional(
            "billNo", .integer(1...1_000_000),
            "The how-manieth bill of the prescription it is; absent while not frozen."),
        .required(
            "pieces",
            .array(
                .object(
                    .required("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name."),
                    .required("quantityMg", .integer(1...1_000_000_000), "What is prescribed of it in all doses."),
                    .optional(
                        "priceFenPerKg", .integer(0...10_000_000_000),
                        "The price of a kilogram; absent where there is none."),
                    .optional("priceRevision", .integer(1...Int64.max), "Which of the piece's prices it is."),
                    .optional("amountFen", .integer(Self.fen), "What it costs, rounded to the fen, half a fen up.")),
                0...80),
            "The lines, in the doctor's order."),
        .required(
            "fees",
            .array(
                .object(
                    .required("kind", .enumeration(BillKind.fees.map(\.rawValue)), "Which fee."),
                    .required("kindZh", .text(1...20), "The same in Chinese."),
                    .required(
                        "times", .integer(1...100_000), "How often it is charged: by dose, and by piece and dose."),
                    .optional("feeFen", .integer(Self.fen), "The fee; absent where there is none."),
                    .optional("amountFen", .integer(Self.fen), "What they come to.")), 0...3),
            "The fees, where it is boiled here."),
        .optional("piecesFen", .integer(Self.fen), "The sum of the pieces; absent where a price is missing."),
        .optional("feesFen", .integer(Self.fen), "The sum of the fees; absent where one is missing."),
        .optional(
            "totalFen", .integer(Self.fen), "The sum of all lines as rounded; absent where something is missing."),
        .required(
            "missing",
            .array(
                .object(
                    .required("kind", .enumeration(BillKind.codes), "A piece, or which fee."),
                    .optional("pieceCode", .code(1...20), "The piece."),
                    .required("nameZh", .text(1...20), "Its name, or the fee's.")), 0...100),
            "What has no price: it is not taken as 0."),
        .required(
            "returned", .boolean, "Whether what was dispensed by this bill was taken back, or was lost on its way."),
        .optional(
            "refundFen", .integer(Self.fen),
            "What is to be paid back where it was paid: all of it, once it was taken back."),
        .optional("dueFen", .integer(Self.fen), "What is to be paid: 0 once it was taken back or withdrawn."))

    private static let holding: [PrescriptionState] = [.approved, .dispensing, .dispensed, .handedOver]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let stored = try StoredPrescription.read(params.prescriptionId, call)
        let billing = Billing(stored, call)
        call.recordAccess(basis: "treatment", subjects: [stored.patient])
        if let elsewhere = try billing.elsewhere() { return Self.reply(stored, elsewhere, on: call.today) }
        let frozen = try billing.latest().flatMap { Self.holding.contains(stored.state) || $0.isReturned ? $0 : nil }
        let boiled = try params.withDecoction ?? billing.isBoiledHere()
        let lines = try (frozen?.bill ?? billing.today()).charged(boiledHere: boiled)
        let (pieces, fees) = (lines.filter { $0.kind == .piece }, lines.filter { $0.kind != .piece })
        let total = Bill.total(lines)
        let isReturned = frozen?.isReturned ?? false
        return Reply(
            prescriptionId: stored.id, state: stored.state, frozen: frozen != nil,
            pricedOn: frozen?.pricedOn ?? call.today, billNo: frozen?.number,
            pieces: pieces.map {
                Piece(
                    pieceCode: $0.pieceCode ?? "", nameZh: $0.nameZh, quantityMg: $0.quantity,
                    priceFenPerKg: $0.charge?.fen, priceRevision: $0.charge?.revision, amountFen: $0.amountFen)
            },
            fees: fees.map {
                Fee(
                    kind: $0.kind, kindZh: $0.kind.labelZh, times: $0.quantity, feeFen: $0.charge?.fen,
                    amountFen: $0.amountFen)
            }, piecesFen: Bill.total(pieces), feesFen: Bill.total(fees), totalFen: total,
            missing: Self.missing(lines), returned: isReturned, refundFen: isReturned ? total : nil,
            dueFen: isReturned || stored.state == .withdrawn ? 0 : total)
    }

    private static func reply(
        _ stored: StoredPrescription, _ elsewhere: Billing.Elsewhere, on today: LocalDate
    ) -> Reply {
        Reply(
            prescriptionId: stored.id, state: stored.state, frozen: elsewhere.totalFen != nil,
            pricedAt: elsewhere.pharmacy, pricedOn: today, pieces: [], fees: [], totalFen: elsewhere.totalFen,
            missing: [], returned: false, dueFen: elsewhere.totalFen)
    }

    /// Each once.
    static func missing(_ lines: [Bill.Line]) -> [Missing] {
        var seen: Set<String> = []
        return lines.filter { $0.charge == nil && seen.insert($0.pieceCode ?? $0.kind.rawValue).inserted }
            .map { Missing(kind: $0.kind, pieceCode: $0.pieceCode, nameZh: $0.nameZh) }
    }

    static var examples: Examples<Params, Reply> {
        let piece = Piece(
            pieceCode: "XLYP0001", nameZh: "麻黄", quantityMg: 42_000, priceFenPerKg: 8_500, priceRevision: 1,
            amountFen: 357)
        let fee = Fee(kind: .decoction, kindZh: BillKind.decoction.labelZh, times: 7, feeFen: 200, amountFen: 1_400)
        return Examples(
            full: (
                Params(prescriptionId: Sample.prescription, withDecoction: true),
                Reply(
                    prescriptionId: Sample.prescription, state: .readyForReview, frozen: true,
                    pricedAt: "county-01", pricedOn: Sample.instant.localDate, billNo: 1, pieces: [piece], fees: [fee],
                    piecesFen: 357,
                    feesFen: 1_400, totalFen: 1_757,
                    missing: [Missing(kind: .piece, pieceCode: "XLYP0003", nameZh: "桂枝")], returned: true,
                    refundFen: 1_757, dueFen: 0)
            ),
            minimal: (
                Params(prescriptionId: Sample.prescription),
                Reply(
                    prescriptionId: Sample.prescription, state: .submitted, frozen: false,
                    pricedOn: Sample.instant.localDate, pieces: [piece], fees: [], missing: [], returned: false)
            ))
    }
}
