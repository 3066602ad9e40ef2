internal import XinglinKit

/// `decoction.report.toxicLedger`
struct ReportToxicLedger: RPCMethod {
    struct Params: Codable, Sendable {
        var from: LocalDate?
        var to: LocalDate?
        var pieceCode: String?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
        let pieces: RowList<Piece>
        let entries: RowList<Entry>
        var next: String?
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let controlClass: ControlClass
        let openingMg: Int64
        let inMg: Int64
        let outMg: Int64
        let closingMg: Int64
        let entries: Int64
        let withoutSecond: Int64
    }

    struct Entry: Codable, Sendable {
        let pieceCode: String
        let bookedOn: LocalDate
        let seq: Int64
        let at: Timestamp
        let kind: MovementKind
        let documentId: RecordID
        var prescriptionId: RecordID?
        let lotId: RecordID
        let batchNumber: String
        let locationId: RecordID
        let quantityMg: Int64
        let balanceMg: Int64
        let accountId: RecordID
        var secondAccountId: RecordID?
        var secondStaffId: RecordID?
        let nameZh: String
        let kindZh: String
    }

    static let name = "decoction.report.toxicLedger"
    static let summary = """
        The separate ledger of toxic and narcotic pieces (专账): every entry with its document, two persons and what is left \
        after it, piece by piece in the order of the days (8.2, 8.4).
        """
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin, .auditor])
    static let params = Schema.object(ReportPeriod.fields + [ReportFields.piece] + Schema.pageParams)
    static let reply = Schema.object(
        ReportPeriod.replyFields + [
            .required(
                "pieces",
                .array(
                    .object(
                        ReportFields.pieceNames + [
                            .required("controlClass", .enumeration(["toxic", "narcotic"]), "By which law."),
                            ReportFields.mg("openingMg", "What there was when the first day began"),
                            ReportFields.mg("inMg", "What came in"), ReportFields.mg("outMg", "What went out"),
                            ReportFields.mg("closingMg", "What was there at the end of the last day"),
                            ReportFields.count("entries", "How many entries."),
                            ReportFields.count("withoutSecond", "How many of them name no second person."),
                        ]), 0...1000), "Each such piece; of every page the same."),
            .required("entries", .array(.object(Self.entry), 0...500), "The entries of this page."), Schema.pageReply,
        ])

    private static let entry: [Schema.Field] = [
        .required("pieceCode", .code(1...20), "The piece."),
        .required("bookedOn", .date, "The day on which it is booked."),
        .required("seq", .integer(1...Int64.max), "The movement; its order within the day."),
        .required("at", .timestamp, "When it was entered."),
        .required("kind", .enumeration(MovementKind.codes), "Why stock changed."),
        .required("documentId", .id, "The document."),
        .optional("prescriptionId", .id, "The prescription that it was dispensed for, or came back of."),
        .required("lotId", .id, "The lot."), .required("batchNumber", .text(1...60), "The maker's batch number."),
        .required("locationId", .id, "Where; the main store has the site's own id."),
        ReportFields.mg("quantityMg", "What came, negative where it went"),
        ReportFields.mg("balanceMg", "What the site had of the piece after it"),
        .required("accountId", .id, "Who entered it."),
        .optional("secondAccountId", .id, "Who accepted the delivery or approved the stocktake, by another account."),
        .optional("secondStaffId", .id, "Who checked the dispensing, or saw the destruction."),
        .required("nameZh", .text(1...20), "The piece's name."),
        .required("kindZh", .text(1...20), "The kind in Chinese."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 3)
        let period = try ReportPeriod(from: params.from, to: params.to, today: call.today)
        let asked = try Asked(period, call)
        var start = ToxicLedgerStore.Cursor()
        start.piece = try page.after(0) ?? ""
        start.bookedOn = try page.after(1) ?? start.bookedOn
        start.seq = try page.after(2) ?? 0
        let results = try call.db.batch([
            Statement(ToxicLedgerStore.pieces(asked, piece: params.pieceCode)),
            Statement(
                ToxicLedgerStore.entries(asked, piece: params.pieceCode, after: start, limit: page.limit + 1)),
        ])
        let (rows, hasMore) = results[1].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: (String, LocalDate, Int64).self) : nil
        return Reply(
            from: period.from, to: period.to, pieces: .json(results[0].json(ToxicLedgerStore.pieceColumns)),
            entries: .json(rows.json(ToxicLedgerStore.columns)),
            next: last.map { Page.cursor($0.0, $0.1.description, String($0.2)) })
    }

    static var examples: Examples<Params, Reply> {
        let piece = Piece(
            pieceCode: "XLYP0178", nameZh: "生川乌", controlClass: .toxic, openingMg: 500_000, inMg: 0, outMg: 9_000,
            closingMg: 491_000, entries: 1, withoutSecond: 0)
        let entry = Entry(
            pieceCode: "XLYP0178", bookedOn: Sample.today, seq: 812, at: Sample.instant, kind: .issue,
            documentId: Sample.document, prescriptionId: Sample.prescription, lotId: Sample.lot,
            batchNumber: "20260923", locationId: Sample.location, quantityMg: -9_000, balanceMg: 491_000,
            accountId: Sample.account, secondAccountId: Sample.account, secondStaffId: Sample.checker,
            nameZh: "生川乌", kindZh: MovementKind.issue.labelZh)
        let cursor = Page.cursor("XLYP0178", Sample.today.description, "812")
        return Examples(
            full: (
                Params(
                    from: Sample.monthBegin, to: Sample.today, pieceCode: "XLYP0178", limit: 1, after: cursor),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, pieces: .elements([piece]),
                    entries: .elements([entry]), next: cursor)
            ),
            minimal: (
                Params(),
                Reply(from: Sample.monthBegin, to: Sample.today, pieces: .elements([]), entries: .elements([]))
            ))
    }
}
