internal import XinglinKit

/// `decoction.catalogue`: the county's whole catalogue, or a part of it, as its export writes it. A line is a piece; what it
/// changes becomes the piece's next version, and an unknown code of the county's own adds a piece. Best applied all or nothing.
struct CatalogueImport: BulkImport {
    static let kind = "decoction.catalogue"
    static let summary = LocalizedText(
        zh: "饮片目录：每行一种饮片，列出与现有目录的差异后导入",
        en: "The catalogue: each line is one piece; what differs becomes its next version")
    static let access = Access.roles([.siteAdmin])

    static let aliases = ImportColumn(
        "aliases", .init(zh: "别名", en: "Aliases"), required: true,
        .init(
            zh: "以 ; 分隔；可带拼音和首字母，如 双花/shuanghua/SH", en: "Between semicolons; with pinyin and initials, 双花/shuanghua/SH"
        ))

    static let columns =
        [
            ImportColumn(
                "code", .init(zh: "饮片代码", en: "Piece code"), required: true,
                .init(zh: "目录中的代码；县级新增的从 XLYP9001 起", en: "A code of the catalogue; the county's own begin at XLYP9001")
            )
        ] + PieceField.all.map { ImportColumn($0.code, $0.name, required: true, $0.wanted) } + [Self.aliases]

    func check(_ lines: [ImportLine], _ call: Call) throws -> [ImportVerdict] {
        _ = try CatalogueWork(call, reason: "-", source: "")
        let shelf = try CatalogueImportLine.Shelf(
            codes: lines.map { CatalogueImportLine.code($0["code"]) },
            names: lines.flatMap { line in
                [line["nameZh"] ?? ""] + CatalogueImportLine.aliases(line["aliases"]).map(\.nameZh)
            }, call)
        return lines.map { line in
            switch CatalogueImportLine.judge({ line[$0] }, shelf) {
            case .success(let judged):
                .good(prepared: PreparedPiece(judged).bytes, unique: Array(judged.new.code.utf8))
            case .failure(let faulty): .faulty(faulty.faults)
            }
        }
    }

    func apply(_ lines: [PreparedLine], _ call: Call) throws -> [Int: [ImportFault]] {
        let work = try CatalogueWork(call, reason: "目录文件导入", source: "")
        try call.db.execute(CatalogueStore.own)
        let entries = try lines.map { (number: $0.number, piece: try PreparedPiece(bytes: $0.content)) }
        let stored = Dictionary(
            try CatalogueStore.contents(call.db.rows(CatalogueStore.contents(entries.map(\.piece.code)))).map {
                ($0.code, $0)
            }, uniquingKeysWith: { first, _ in first })
        var faults: [Int: [ImportFault]] = [:]
        var changed: [CatalogueStore.Change] = []
        var added: [CatalogueStore.Change] = []
        var good: [PreparedPiece] = []
        for (number, piece) in entries {
            let old = stored[piece.code]
            guard (old?.revision ?? 0) == piece.revision, let new = piece.content(over: old) else {
                faults[number] = [CatalogueImportFault.changedMeanwhile]
                continue
            }
            good.append(piece)
            if let old {
                let changes = old.changes(to: new)
                guard !changes.isEmpty else { continue }
                changed.append(.init(code: old.code, revision: old.revision, columns: new.columns(of: changes)))
            } else {
                added.append(.init(code: new.code, revision: 1, columns: new.columns))
            }
        }
        try self.write(changed, added, good, work)
        return faults
    }

    private func write(
        _ changed: [CatalogueStore.Change], _ added: [CatalogueStore.Change], _ pieces: [PreparedPiece],
        _ work: CatalogueWork
    ) throws {
        let removed = pieces.flatMap { piece in piece.removed.map { (piece.code, $0) } }
        let aliases = pieces.flatMap { piece in
            piece.added.map { AliasStore.New(id: work.call.newID(), code: piece.code, alias: $0) }
        }
        try work.call.db.batch([
            Statement(CatalogueStore.change(changed, by: work.author), .rows(changed.count)),
            Statement(CatalogueStore.add(added, by: work.author), .rows(added.count)),
            Statement(
                AliasStore.remove(removed.map(\.1), of: removed.map(\.0), by: work.author), .rows(removed.count)),
            Statement(
                AliasStore.add(aliases, by: work.author), .rows(aliases.count),
                otherwise: CatalogueFault.pieceNameTaken.fault()),
            Statement(IncompatibilityStore.expand),
        ])
    }
}

/// A good line on its way to be applied: the version it was judged against, and its cells.
struct PreparedPiece {
    /// The stored bytes are not those of a line.
    struct Unreadable: Error {}

    let code: String
    /// 0 where the piece is to be added.
    let revision: Int
    let cells: [String]
    let removed: [String]
    let added: [PieceAlias]

    private static let field = "\u{1F}"
    private static let part = "\u{1E}"

    init(_ line: CatalogueImportLine) {
        self.code = line.new.code
        self.revision = line.old?.revision ?? 0
        self.cells = PieceField.all.map { line.new.cell($0) }
        self.removed = line.oldAliases.filter { !line.newAliases.contains($0) }.map(\.nameZh)
        self.added = line.newAliases.filter { !line.oldAliases.contains($0) }
    }

    var bytes: [UInt8] {
        let parts = [
            [self.code, String(self.revision)], self.cells, self.removed, self.added.map(\.text),
        ]
        return Array(parts.map { $0.joined(separator: Self.field) }.joined(separator: Self.part).utf8)
    }

    init(bytes: [UInt8]) throws {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: Self.part, omittingEmptySubsequences: false)
            .map { $0.split(separator: Self.field, omittingEmptySubsequences: false).map(String.init) }
        guard parts.count == 4, parts[0].count == 2, let revision = Int(parts[0][1]),
            parts[1].count == PieceField.all.count
        else { throw Unreadable() }
        self.code = parts[0][0]
        self.revision = revision
        self.cells = parts[1]
        self.removed = parts[2].filter { !$0.isEmpty }
        self.added = try parts[3].filter { !$0.isEmpty }.map { text in
            guard let alias = PieceAlias.read(text)?.first else { throw Unreadable() }
            return alias
        }
    }

    /// The piece as the line wants it; nil where it cannot be so by now.
    func content(over old: PieceContent?) -> PieceContent? {
        let base = old ?? PieceContent(code: self.code, revision: 0, isCounty: true, values: [:])
        let cells = Dictionary(uniqueKeysWithValues: zip(PieceField.all.map(\.code), self.cells))
        return try? base.with(cells).get()
    }
}
