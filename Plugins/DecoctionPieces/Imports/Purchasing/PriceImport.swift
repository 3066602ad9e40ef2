internal import XinglinKit

/// `decoction.price`: what the site charges for the pieces, as its export writes it (PC-04). Best applied all or nothing.
struct PriceImport: BulkImport {
    static let kind = "decoction.price"
    static let summary = LocalizedText(
        zh: "零售价：每行一种饮片的零售价及执行日期", en: "Prices: each line is what a kilogram of a piece costs from a day on")
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let price = ImportColumn(
        "priceYuanPerKg", .init(zh: "零售价（元/千克）", en: "Price (yuan/kg)"), required: true,
        .init(zh: "如 85.00，至多两位小数，不超过进价加成上限", en: "Such as 85.00, at most two decimals, within the mark-up on the cost")
    )
    static let columns = [
        PieceFileLine.pieceCode, PieceFileLine.pieceName, Self.price,
        ImportColumn(
            "validFrom", .init(zh: "执行日期", en: "Valid from"), required: false,
            .init(zh: "如 2026-12-01，不早于今天；不填为今天", en: "Such as 2026-12-01, not past; today where it is empty")),
        ImportColumn(
            "reason", .init(zh: "定价依据", en: "Reason"), required: false,
            .init(zh: "可不填，至多 200 个字符", en: "May be left out; at most 200 characters")),
    ]

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let shelf = try PriceShelf(lines.map { PieceFileLine.code($0["pieceCode"]) }, call)
        return lines.map { line in
            switch shelf.judge({ line[$0] }) {
            case .success(let good): good.verdict
            case .failure(let faulty): .faulty(faulty.faults)
            }
        }
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let act = try LotStore.Act(call)
        let entries = try lines.map { line in
            let fields = try PieceFileLine.fields(line.content, 4)
            guard let fen = Int64(fields[1]), let day = LocalDate(fields[2]) else { throw PieceFileLine.Unreadable() }
            return (number: line.number, piece: fields[0], fen: fen, day: day, reason: fields[3])
        }
        let shelf = try PriceShelf(entries.map(\.piece), call)
        let changed = entries.filter { shelf.prices[$0.piece]?[$0.day] != $0.fen }
        var faults = changed.filter { $0.day < call.today }.reduce(into: [Int: [ImportFault]]()) {
            $0[$1.number] = [PriceShelf.past]
        }
        let wanted = changed.filter { faults[$0.number] == nil }
        let set = try call.db.query(
            PriceStore.setAll(
                wanted.map {
                    PriceStore.New(
                        pieceCode: $0.piece, fenPerKg: $0.fen, markUpPercent: shelf.percent,
                        ruleVersion: shelf.ruleVersion, validFrom: $0.day, reason: $0.reason)
                }, markUpPercent: shelf.percent, ruleVersion: shelf.ruleVersion, act),
            as: (String, LocalDate).self)
        let done = Set(set.map { "\($0.0) \($0.1)" })
        for entry in wanted where !done.contains("\(entry.piece) \(entry.day)") {
            faults[entry.number] = [PriceShelf.aboveMarkUp]
        }
        return faults
    }
}

/// What lines of prices are judged by.
struct PriceShelf {
    let names: [String: String]
    /// The prices of pieces by the day from which they hold.
    let prices: [String: [LocalDate: Int64]]
    let costs: [String: Int64]
    let percent: Int64
    let ruleVersion: String
    let today: LocalDate

    init(_ pieces: [String], _ call: Call) throws {
        let site = try call.site.id
        let results = try call.db.batch([
            Statement(PieceStore.names(pieces)), Statement(PriceStore.days(of: pieces, site: site)),
            Statement(PriceStore.bases(of: pieces, site: site, on: call.today)),
            Statement(PharmacyRules.table.valid(on: call.today, site: site)),
        ])
        self.names = try Dictionary(results[0].decode(as: (String, String).self)) { first, _ in first }
        self.prices = try results[1].decode(as: (String, LocalDate, Int64).self).reduce(into: [:]) {
            $0[$1.0, default: [:]][$1.1] = $1.2
        }
        self.costs = try Dictionary(results[2].decode(as: (String, Int64).self)) { first, _ in first }
        let rules = try PharmacyRules.book(results[3])
        self.percent = try rules.number(.markUpPercent)
        self.ruleVersion = rules.version(of: RuleKey.markUpPercent.rule) ?? ""
        self.today = call.today
    }

    /// What a piece costs on a day.
    private func held(_ piece: String, on day: LocalDate) -> (from: LocalDate, fen: Int64)? {
        self.prices[piece]?.filter { $0.key <= day }.max { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func judge(_ value: (String) -> String?) -> Result<PieceFileLine, PieceFileLine.Faulty> {
        func text(_ field: String) -> String? { value(field).flatMap { $0.isEmpty ? nil : $0 } }
        let piece = PieceFileLine.code(value("pieceCode"))
        var faults = PieceFileLine.pieceFaults(value, self.names)
        let fen = text("priceYuanPerKg").flatMap { DecimalText.parse(PlainText.halfWidth($0), decimals: 2) }
        if fen.map({ $0 <= 10_000_000_000 }) != true {
            faults.append(text("priceYuanPerKg") == nil ? OpeningStockFault.missing("priceYuanPerKg") : Self.amount)
        }
        let typed = text("validFrom").map { TypedDate.parse(PlainText.halfWidth($0)) }
        if typed == .some(nil) { faults.append(Self.day) }
        let reason = PlainText.trimmed(text("reason") ?? Self.reason)
        if reason.unicodeScalars.count > 200 || reason.unicodeScalars.contains(where: { $0.value < 32 }) {
            faults.append(Self.reasonTooLong)
        }
        guard faults.isEmpty, let fen else { return .failure(.init(faults: faults)) }
        let held = self.held(piece, on: (typed ?? nil) ?? self.today)
        // Without a day, what holds today stays as it is.
        let day = (typed ?? nil) ?? (held?.fen == fen ? held?.from : nil) ?? self.today
        let isUnchanged = self.prices[piece]?[day] == fen
        if !isUnchanged, let fault = self.refusal(piece, fen, day) { return .failure(.init(faults: [fault])) }
        return .success(
            PieceFileLine(
                piece: piece, field: PriceImport.price, old: held.map { DecimalText.written($0.fen, decimals: 2) },
                new: DecimalText.written(fen, decimals: 2), isUnchanged: isUnchanged, key: [piece, day.description],
                prepared: [piece, String(fen), day.description, reason]))
    }

    private func refusal(_ piece: String, _ fen: Int64, _ day: LocalDate) -> ImportFault? {
        if day < self.today { return Self.past }
        guard let cost = self.costs[piece] else { return Self.withoutCost }
        return fen > MarkUp.greatest(on: cost, percent: self.percent) ? Self.aboveMarkUp : nil
    }

    static let reason = "价格文件导入"
    private static let amount = ImportFault(
        "priceYuanPerKg",
        .init(zh: "须为不小于 0 的金额（元），至多两位小数", en: "must be an amount in yuan, not below 0, with at most two decimals"))
    private static let day = ImportFault(
        "validFrom", .init(zh: "须为日期，如 2026-12-01", en: "must be a date, such as 2026-12-01"))
    static let past = ImportFault(
        "validFrom", .init(zh: "不得早于今天：过去的价格不能更改", en: "must not be past: past prices do not change"))
    private static let reasonTooLong = ImportFault("reason", .init(zh: "至多 200 个字符", en: "at most 200 characters"))
    private static let withoutCost = ImportFault(
        "priceYuanPerKg", .init(zh: "本机构尚无该饮片的进价，不能定价", en: "the site has no cost of this piece to judge a price by"))
    static let aboveMarkUp = ImportFault(
        "priceYuanPerKg",
        .init(zh: "超过在库最低进价的加成上限（PC-04）", en: "above the greatest mark-up on the least cost in stock (PC-04)"))
}

/// `decoction.price`: the prices that hold today and those to come, as the import takes them.
struct PriceExport: BulkExport {
    static let kind = PriceImport.kind
    static let summary = PriceImport.summary
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let columns = PriceImport.columns.map { ExportColumn($0) }

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let day = last.flatMap { $0.count == 2 ? LocalDate($0[1]) : nil } ?? LocalDate(daysSince1970: 0)
        let rows = try call.db.query(
            PriceStore.export(
                today: call.today, site: call.site.id, after: (last?.first ?? "", day), limit: Self.portion),
            as: (String, String, Int64, LocalDate, String).self)
        return ExportPage(
            lines: rows.map { [$0.0, $0.1, DecimalText.written($0.2, decimals: 2), $0.3.description, $0.4] },
            next: rows.count < Self.portion ? nil : rows.last.map { [$0.0, $0.3.description] })
    }
}
