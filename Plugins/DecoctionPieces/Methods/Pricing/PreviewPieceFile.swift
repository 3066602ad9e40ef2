internal import XinglinKit

/// What a site's own file about pieces comes to: all lines counted, those of a page told.
struct PieceFilePreview {
    static let params = Schema.object(
        [.required("fileId", .id, "The file, as files.finish gave it or exports.get; of 8 MiB at the most.")]
            + Schema.pageParams)

    /// - Parameter judge: made for all lines of the file.
    static func reply(
        _ params: PreviewCatalogue.Params, columns: [ImportColumn], _ call: Call,
        _ judge: ([CatalogueFile.Line]) throws -> (CatalogueFile.Line) -> Result<PieceFileLine, PieceFileLine.Faulty>
    ) throws -> PreviewCatalogue.Reply {
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let from = try page.after(0, as: Int.self) ?? 0
        let lines = try CatalogueFile(params.fileId, columns: columns, call).lines
        let verdict = try judge(lines)
        var counts = (unchanged: 0, changed: 0, added: 0, faulty: 0)
        var changes: [PreviewCatalogue.Change] = []
        var faults: [PreviewCatalogue.LineFault] = []
        var seen: Set<[String]> = []
        var told: [Int] = []
        var next: String?
        /// Whether the line stands on the page; the first behind it says where the next one begins.
        func isTold(_ line: Int) -> Bool {
            guard line > from, next == nil else { return false }
            guard told.count < page.limit else {
                next = Page.cursor(String(told.last ?? from))
                return false
            }
            told.append(line)
            return true
        }
        for line in lines {
            var result = verdict(line)
            if case .success(let good) = result, !seen.insert(good.key).inserted {
                result = .failure(.init(faults: [Self.twice]))
            }
            switch result {
            case .success(let good):
                if good.isUnchanged {
                    counts.unchanged += 1
                } else if good.old == nil {
                    counts.added += 1
                } else {
                    counts.changed += 1
                }
                guard !good.isUnchanged, isTold(line.number) else { continue }
                changes.append(
                    .init(
                        line: line.number, code: good.piece, isNew: good.old == nil, field: good.field.code,
                        fieldZh: good.field.name.zh, old: good.old, new: good.new))
            case .failure(let faulty):
                counts.faulty += 1
                guard isTold(line.number) else { continue }
                faults += faulty.faults.map {
                    .init(line: line.number, field: $0.field, textZh: $0.text.zh, textEn: $0.text.en)
                }
            }
        }
        return .init(
            lines: lines.count, unchanged: counts.unchanged, changed: counts.changed, added: counts.added,
            faulty: counts.faulty, changes: changes, faults: faults, next: next)
    }

    private static let twice = ImportFault(
        "pieceCode", .init(zh: "该饮片在文件中重复", en: "the piece stands in the file twice"))

    /// Examples with a field and its values.
    static func examples(
        _ field: ImportColumn, _ old: String, _ new: String
    ) -> Examples<PreviewCatalogue.Params, PreviewCatalogue.Reply> {
        let change = PreviewCatalogue.Change(
            line: 1, code: "XLYP0001", isNew: false, field: field.code, fieldZh: field.name.zh, old: old, new: new)
        let fault = PreviewCatalogue.LineFault(
            line: 2, field: "pieceCode", textZh: "饮片目录中没有该代码", textEn: "the catalogue has no piece with this code")
        return Examples(
            full: (
                .init(fileId: Sample.document, limit: 2, after: "0"),
                .init(
                    lines: 3, unchanged: 0, changed: 2, added: 0, faulty: 1, changes: [change], faults: [fault],
                    next: "2")
            ),
            minimal: (
                .init(fileId: Sample.document),
                .init(lines: 398, unchanged: 398, changed: 0, added: 0, faulty: 0, changes: [], faults: [])
            ))
    }
}

/// `decoction.localCode.preview`
struct PreviewLocalCodes: RPCMethod {
    typealias Params = PreviewCatalogue.Params
    typealias Reply = PreviewCatalogue.Reply

    static let name = "decoction.localCode.preview"
    static let summary = """
        Lists what a file of local codes would change, line by line, and what is wrong with it. It changes nothing: imports.begin takes the \
        same file as decoction.localCode.
        """
    static let effect = Effect.read
    static let access = LocalCodeImport.access
    static let lane = Lane.batch
    static let params = PieceFilePreview.params
    static let reply = PreviewCatalogue.reply

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try PieceFilePreview.reply(params, columns: LocalCodeImport.columns, call) { lines in
            let shelf = try LocalCodeImport.Shelf(lines.map { line in { line.cells[$0] } }, call)
            return { line in LocalCodeImport.judge({ line.cells[$0] }, shelf) }
        }
    }

    static var examples: Examples<Params, Reply> {
        PieceFilePreview.examples(LocalCodeImport.localCode, "ZY000123", "ZY000124")
    }
}

/// `decoction.price.preview`
struct PreviewPrices: RPCMethod {
    typealias Params = PreviewCatalogue.Params
    typealias Reply = PreviewCatalogue.Reply

    static let name = "decoction.price.preview"
    static let summary = """
        Lists what a file of prices would change, line by line, and what is wrong with it. It changes nothing: imports.begin takes the same \
        file as decoction.price.
        """
    static let effect = Effect.read
    static let access = PriceImport.access
    static let lane = Lane.batch
    static let params = PieceFilePreview.params
    static let reply = PreviewCatalogue.reply

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try PieceFilePreview.reply(params, columns: PriceImport.columns, call) { lines in
            let shelf = try PriceShelf(lines.map { PieceFileLine.code($0.cells["pieceCode"]) }, call)
            return { line in shelf.judge { line.cells[$0] } }
        }
    }

    static var examples: Examples<Params, Reply> { PieceFilePreview.examples(PriceImport.price, "80", "85") }
}
