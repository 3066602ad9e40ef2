internal import XinglinKit

/// `decoction.report.movements`
struct ReportMovements: RPCMethod {
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
        let total: Flow
        let kinds: RowList<Kind>
        let pieces: RowList<Piece>
        var next: String?
    }

    /// What there was, came, went and is left.
    struct Flow: Codable, Sendable {
        let openingMg: Int64
        let openingFen: Int64
        let inMg: Int64
        let inFen: Int64
        let outMg: Int64
        let outFen: Int64
        let closingMg: Int64
        let closingFen: Int64
    }

    struct Kind: Codable, Sendable {
        let kind: MovementKind
        let kindZh: String
        let movements: Int64
        let inMg: Int64
        let inFen: Int64
        let outMg: Int64
        let outFen: Int64
    }

    struct Piece: Codable, Sendable {
        let pieceCode: String
        let nameZh: String
        let openingMg: Int64
        let openingFen: Int64
        let inMg: Int64
        let inFen: Int64
        let outMg: Int64
        let outFen: Int64
        let closingMg: Int64
        let closingFen: Int64
    }

    static let name = "decoction.report.movements"
    static let summary = """
        What moved within some days, by kind of movement and by piece: what there was, and what came in, less what went out, is \
        what is left, in milligrams and in fen (PC-04).
        """
    static let effect = Effect.read
    static let access = ReportPart.readers
    static let params = Schema.object(ReportPeriod.fields + [ReportFields.piece] + Schema.pageParams)
    static let reply = Schema.object(
        ReportPeriod.replyFields + [
            .required("total", .object(ReportFields.flow), "All of it, or all of the piece; of every page the same."),
            .required(
                "kinds",
                .array(
                    .object(
                        .required("kind", .enumeration(MovementKind.codes), "Why stock changed."),
                        .required("kindZh", .text(1...20), "The same in Chinese."),
                        ReportFields.count("movements", "How often."), ReportFields.mg("inMg", "What came in"),
                        ReportFields.fen("inFen", "What came in"), ReportFields.mg("outMg", "What went out"),
                        ReportFields.fen("outFen", "What went out")),
                    0...20), "By kind: they add up to what came in and went out; a transfer is both."),
            .required(
                "pieces", .array(.object(ReportFields.pieceNames + ReportFields.flow), 0...500),
                "The pieces of this page, by code: those that moved or lay there."),
            Schema.pageReply,
        ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let period = try ReportPeriod(from: params.from, to: params.to, today: call.today)
        let asked = try Asked(period, call)
        let results = try call.db.batch([
            Statement(FlowStore.total(asked, piece: params.pieceCode)),
            Statement(FlowStore.kinds(asked, piece: params.pieceCode)),
            Statement(
                FlowStore.pieces(
                    asked, piece: params.pieceCode, after: page.after(0) ?? "", limit: page.limit + 1)),
        ])
        let sum = try FlowStore.Sum(results[0])
        let (rows, hasMore) = results[2].page(limit: page.limit)
        let last = hasMore ? try rows.last.first(as: String.self) : nil
        return Reply(
            from: period.from, to: period.to, total: sum.flow, kinds: .json(results[1].json(FlowStore.kindColumns)),
            pieces: .json(rows.json(FlowStore.pieceColumns)), next: last.map { Page.cursor($0) })
    }

    static var examples: Examples<Params, Reply> {
        let flow = Flow(
            openingMg: 5_000_000, openingFen: 34_000, inMg: 0, inFen: 0, outMg: 120_000, outFen: 816,
            closingMg: 4_880_000, closingFen: 33_184)
        let kind = Kind(
            kind: .issue, kindZh: MovementKind.issue.labelZh, movements: 1, inMg: 0, inFen: 0, outMg: 120_000,
            outFen: 816)
        let piece = Piece(
            pieceCode: "XLYP0001", nameZh: "麻黄", openingMg: 5_000_000, openingFen: 34_000, inMg: 0, inFen: 0,
            outMg: 120_000, outFen: 816, closingMg: 4_880_000, closingFen: 33_184)
        let nothing = Flow(
            openingMg: 0, openingFen: 0, inMg: 0, inFen: 0, outMg: 0, outFen: 0, closingMg: 0, closingFen: 0)
        return Examples(
            full: (
                Params(
                    from: Sample.monthBegin, to: Sample.today, pieceCode: "XLYP0001", limit: 1, after: "XLYP0000"),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, total: flow, kinds: .elements([kind]),
                    pieces: .elements([piece]), next: "XLYP0001")
            ),
            minimal: (
                Params(),
                Reply(
                    from: Sample.monthBegin, to: Sample.today, total: nothing, kinds: .elements([]),
                    pieces: .elements([]))
            ))
    }
}
