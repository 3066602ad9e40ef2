internal import XinglinKit

/// `decoction.localCode`: what the site's own system (HIS) calls the pieces, as its export writes it. Best applied all or nothing.
struct LocalCodeImport: BulkImport {
    static let kind = "decoction.localCode"
    static let summary = LocalizedText(
        zh: "本院编码：每行一种饮片及其在本院系统中的编码", en: "Local codes: each line is a piece and its code in the site's own system")
    static let access = Access.roles([.pharmacist, .siteAdmin])
    static let localCode = ImportColumn(
        "localCode", .init(zh: "本院编码", en: "Local code"), required: true,
        .init(zh: "至多 40 个字符，一个编码只对应一种饮片", en: "At most 40 characters; one code stands for one piece"))
    static let columns = [PieceFileLine.pieceCode, PieceFileLine.pieceName, Self.localCode]

    /// What lines are judged by.
    struct Shelf {
        let names: [String: String]
        /// The local codes in use, by piece.
        let codes: [String: String]
        /// How often the file gives a code.
        let given: [String: Int]
        /// The pieces of the file, whose codes are given up.
        let listed: Set<String>

        init(_ lines: [(String) -> String?], _ call: Call) throws {
            let pieces = lines.map { PieceFileLine.code($0("pieceCode")) }
            let results = try call.db.batch([
                Statement(PieceStore.names(pieces)),
                Statement(LocalCodeStore.every(site: call.site.id)),
            ])
            self.names = try Dictionary(results[0].decode(as: (String, String).self)) { first, _ in first }
            self.codes = try Dictionary(results[1].decode(as: (String, String).self)) { first, _ in first }
            self.given = lines.reduce(into: [:]) { $0[PlainText.number($1("localCode") ?? ""), default: 0] += 1 }
            self.listed = Set(pieces)
        }
    }

    static func judge(_ value: (String) -> String?, _ shelf: Shelf) -> Result<PieceFileLine, PieceFileLine.Faulty> {
        let piece = PieceFileLine.code(value("pieceCode"))
        var faults = PieceFileLine.pieceFaults(value, shelf.names)
        let local = PlainText.number(value(Self.localCode.code) ?? "")
        if local.isEmpty {
            faults.append(OpeningStockFault.missing(Self.localCode.code))
        } else if local.unicodeScalars.count > 40 {
            faults.append(Self.tooLong)
        } else if (shelf.given[local] ?? 0) > 1 {
            faults.append(Self.twice)
        } else if let owner = shelf.codes.first(where: { $0.value == local })?.key, !shelf.listed.contains(owner) {
            faults.append(Self.taken)
        }
        guard faults.isEmpty else { return .failure(.init(faults: faults)) }
        let old = shelf.codes[piece]
        return .success(
            PieceFileLine(
                piece: piece, field: Self.localCode, old: old, new: local, isUnchanged: old == local, key: [piece],
                prepared: [piece, local]))
    }

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        let shelf = try Shelf(lines.map { line in { line[$0] } }, call)
        return lines.map { line in
            switch Self.judge({ line[$0] }, shelf) {
            case .success(let good): good.verdict
            case .failure(let faulty): .faulty(faulty.faults)
            }
        }
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let act = try LotStore.Act(call)
        let codes = try Dictionary(
            call.db.query(LocalCodeStore.every(site: act.site), as: (String, String).self)
        ) { first, _ in first }
        let entries = try lines.map { line in (line.number, try PieceFileLine.fields(line.content, 2)) }
            .filter { codes[$0.1[0]] != $0.1[1] }
        let pieces = Set(entries.map { $0.1[0] })
        let owners = Dictionary(codes.filter { !pieces.contains($0.key) }.map { ($0.value, $0.key) }) { one, _ in one }
        let good = entries.filter { owners[$0.1[1]] == nil }
        let replaced = good.count { codes[$0.1[0]] != nil }
        try call.db.batch([
            Statement(LocalCodeStore.end(good.map { $0.1[0] }, act), .rows(replaced)),
            Statement(
                LocalCodeStore.set(good.map { _ in call.newID() }, good.map { $0.1[1] }, of: good.map { $0.1[0] }, act),
                .rows(good.count)),
        ])
        return Dictionary(uniqueKeysWithValues: entries.filter { owners[$0.1[1]] != nil }.map { ($0.0, [Self.taken]) })
    }

    private static let tooLong = ImportFault("localCode", .init(zh: "须为 1 至 40 个字符", en: "must be 1 to 40 characters"))
    private static let twice = ImportFault(
        "localCode", .init(zh: "文件中另一行也用此编码", en: "another line of the file has this code"))
    private static let taken = ImportFault(
        "localCode", .init(zh: "本机构另一种饮片正在使用此编码", en: "another piece of the site has this code"))
}

/// `decoction.localCode`: the local codes in use, as the import takes them.
struct LocalCodeExport: BulkExport {
    static let kind = LocalCodeImport.kind
    static let summary = LocalCodeImport.summary
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let columns = LocalCodeImport.columns.map { ExportColumn($0) }

    private static let portion = 1000

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let rows = try call.db.query(
            LocalCodeStore.list(site: call.site.id, after: last?.first ?? "", limit: Self.portion),
            as: (String, String, String, Timestamp, RecordID).self)
        return ExportPage(
            lines: rows.map { [$0.0, $0.1, $0.2] }, next: rows.count < Self.portion ? nil : rows.last.map { [$0.0] })
    }
}
