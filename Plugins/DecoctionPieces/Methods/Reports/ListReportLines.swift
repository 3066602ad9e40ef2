internal import XinglinKit

/// `decoction.report.lines`
struct ListReportLines: RPCMethod {
    struct Params: Codable, Sendable {
        let figure: LineFigure
        var from: LocalDate?
        var to: LocalDate?
        var pieceCode: String?
        var storageClass: StorageClass?
        var locationId: RecordID?
        var expiryMonth: LocalDate?
        var expired: Bool?
        var expiresBy: LocalDate?
        var volatile: Bool?
        var kind: MovementKind?
        var reason: String?
        var rule: String?
        var severity: Severity?
        var staffId: RecordID?
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let from: LocalDate
        let to: LocalDate
        let total: Total
        let lines: RowList<Line>
        var next: String?
    }

    struct Total: Codable, Sendable {
        let count: Int64
        var quantityMg: Int64?
        var valueFen: Int64?
    }

    struct Line: Codable, Sendable {
        let on: LocalDate
        let count: Int64
        var quantityMg: Int64?
        var valueFen: Int64?
        var pieceCode: String?
        var lotId: RecordID?
        var locationId: RecordID?
        var seq: Int64?
        var documentId: RecordID?
        var kind: MovementKind?
        var figure: LineFigure?
        var eventId: RecordID?
        var prescriptionId: RecordID?
        var rule: String?
        var severity: Severity?
        var staffId: RecordID?
        var accountId: RecordID?
    }

    static let name = "decoction.report.lines"
    static let summary = """
        Lists what a figure of a report is made of: lots at their places, movements of the ledger, or what happened to \
        prescriptions. The lines of all pages add up to the figure. Ids alone are shown, no patient.
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(
        [.required("figure", .enumeration(LineFigure.codes), Self.figures)] + ReportPeriod.fields + [
            ReportFields.piece,
            .optional("storageClass", .enumeration(StorageClass.codes), "Of opening and closing: only this class."),
            .optional("locationId", .id, "Of opening and closing: only this place; the main store has the site's id."),
            .optional("expiryMonth", .date, "Of opening and closing: only what expires in the month of this day."),
            .optional("expired", .boolean, "Of opening and closing: only what had expired on the day, or had not."),
            .optional(
                "expiresBy", .date,
                "Of opening and closing: only what expires on this day at the latest; with `expired` false what an expiry report has at risk."
            ),
            .optional(
                "volatile", .boolean,
                "Of movements: only pieces that the loss report has in this group (STOCKTAKE volatileClasses of the last day)."
            ),
            .optional("kind", .enumeration(MovementKind.codes), "Of movements: only this kind."),
            .optional(
                "reason", .text(1...200), "Of movements: only those for this reason, as the loss report writes it."),
            .optional("rule", .code(1...20), "Of prescriptions: only this rule."),
            .optional("severity", .enumeration(Severity.codes), "Of prescriptions: only findings as severe as this."),
            .optional("staffId", .id, "Of prescriptions: only who reviewed or signed."),
        ] + Schema.pageParams)
    static let reply = Schema.object(
        ReportPeriod.replyFields + [
            .required(
                "total",
                .object(
                    ReportFields.count("count", "How many lines."),
                    .optional("quantityMg", ReportFields.milligrams, "What they weigh, in milligrams."),
                    .optional("valueFen", ReportFields.fen, "What they cost, in fen.")),
                "What the lines of all pages add up to: the figure."),
            .required("lines", .array(.object(Self.line), 0...500), "The lines of this page."), Schema.pageReply,
        ])

    private static let figures = """
        What is listed. opening, closing: what lay there; a stock or expiry report of a day is closing with that day as `to`. in, out, \
        issued, shortage, writeOff, loss (both), surplus: movements. submitted, approved, refused, withdrawn, found, refusedUnder, \
        signed: prescriptions.
        """
    private static let line: [Schema.Field] = [
        .required("on", .date, "The day: booked, happened; of what lies there its expiry."),
        .required("count", .integer(1...1), "What it adds to a figure that counts."),
        .optional("quantityMg", ReportFields.milligrams, "What it adds, in milligrams."),
        .optional("valueFen", ReportFields.fen, "What it adds, in fen."),
        .optional("pieceCode", .code(1...20), "The piece."), .optional("lotId", .id, "The lot."),
        .optional("locationId", .id, "Where."), .optional("seq", .integer(1...Int64.max), "The movement."),
        .optional("documentId", .id, "Its document."), .optional("kind", .enumeration(MovementKind.codes), "Its kind."),
        .optional("figure", .enumeration(LineFigure.codes), "What happened to a prescription."),
        .optional("eventId", .id, "The review or signature; else the prescription."),
        .optional("prescriptionId", .id, "The prescription."), .optional("rule", .code(1...20), "The rule."),
        .optional("severity", .enumeration(Severity.codes), "How severe its finding was."),
        .optional("staffId", .id, "Who reviewed or signed."), .optional("accountId", .id, "By which account."),
    ]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let period = try ReportPeriod(from: params.from, to: params.to, today: call.today)
        try params.refuseForeignFilters()
        let lines = ReportLines(params: params, asked: try Asked(period, call), call: call)
        let (total, rows, next) =
            switch params.figure.source {
            case .balance: try lines.balance()
            case .movements: try lines.movements()
            case .prescriptions: try lines.prescriptions()
            }
        return Reply(from: period.from, to: period.to, total: total, lines: .json(rows), next: next)
    }

    static var examples: Examples<Params, Reply> {
        let line = Line(
            on: Sample.today, count: 1, quantityMg: 120_000, valueFen: 816, pieceCode: "XLYP0001", lotId: Sample.lot,
            locationId: Sample.location, seq: 2, documentId: Sample.document, kind: .issue, figure: .refusedUnder,
            eventId: Sample.review, prescriptionId: Sample.prescription, rule: "RX-05", severity: .block,
            staffId: Sample.staff, accountId: Sample.account)
        return Examples(
            full: (
                Params(
                    figure: .issued, from: Sample.monthBegin, to: Sample.today, pieceCode: "XLYP0001",
                    storageClass: .normal, locationId: Sample.location, expiryMonth: Sample.monthBegin, expired: false,
                    expiresBy: Sample.today, volatile: false, kind: .issue, reason: "病区领用", rule: "RX-05",
                    severity: .block, staffId: Sample.staff, limit: 1,
                    after: "1"),
                Reply(
                    from: Sample.monthBegin, to: Sample.today,
                    total: Total(count: 14, quantityMg: 1_680_000, valueFen: 11_424), lines: .elements([line]),
                    next: "2")
            ),
            minimal: (
                Params(figure: .submitted),
                Reply(from: Sample.monthBegin, to: Sample.today, total: Total(count: 0), lines: .elements([]))
            ))
    }
}

extension ListReportLines.Params {
    /// - Throws: `host.invalidParams` naming a filter that the figure's lines do not have.
    func refuseForeignFilters() throws {
        let source = self.figure.source
        let given: [(String, Bool, Bool)] = [
            ("pieceCode", self.pieceCode != nil, source != .prescriptions),
            ("storageClass", self.storageClass != nil, source == .balance),
            ("locationId", self.locationId != nil, source == .balance),
            ("expiryMonth", self.expiryMonth != nil, source == .balance),
            ("expired", self.expired != nil, source == .balance),
            ("expiresBy", self.expiresBy != nil, source == .balance),
            ("volatile", self.volatile != nil, source == .movements),
            ("kind", self.kind != nil, source == .movements), ("reason", self.reason != nil, source == .movements),
            ("rule", self.rule != nil, source == .prescriptions),
            ("severity", self.severity != nil, source == .prescriptions),
            ("staffId", self.staffId != nil, source == .prescriptions),
        ]
        guard let (name, _, _) = given.first(where: { $0.1 && !$0.2 }) else { return }
        throw Fault.invalid(
            "/\(name)", expected: "nothing: lines of `\(self.figure.rawValue)` do not have it",
            zh: "不填：\(self.figure.rawValue) 的明细没有此项")
    }
}
