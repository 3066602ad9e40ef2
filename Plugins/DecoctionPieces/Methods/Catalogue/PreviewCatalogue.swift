internal import XinglinKit

/// `decoction.catalogue.preview`
struct PreviewCatalogue: RPCMethod {
    struct Params: Codable, Sendable {
        let fileId: RecordID
        var limit: Int?
        var after: String?
    }

    struct Reply: Codable, Sendable {
        let lines: Int
        let unchanged: Int
        let changed: Int
        let added: Int
        let faulty: Int
        let changes: [Change]
        let faults: [LineFault]
        var next: String?
    }

    struct Change: Codable, Sendable {
        let line: Int
        let code: String
        let isNew: Bool
        let field: String
        let fieldZh: String
        var old: String?
        var new: String?
    }

    struct LineFault: Codable, Sendable {
        let line: Int
        var field: String?
        let textZh: String
        let textEn: String
    }

    static let name = "decoction.catalogue.preview"
    static let summary = """
        Lists what a file of the catalogue would change, line by line and field by field, and what is wrong with it. It changes \
        nothing: imports.begin takes the same file as decoction.catalogue.
        """
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin])
    static let lane = Lane.batch
    static let params = Schema.object(
        [.required("fileId", .id, "The file, as files.finish gave it or exports.get; of 8 MiB at the most.")]
            + Schema.pageParams)
    static let reply = Schema.object(
        .required("lines", .integer(0...1_000_000), "Lines without the header and without empty ones."),
        .required("unchanged", .integer(0...1_000_000), "Of these, as the catalogue has them."),
        .required(
            "changed", .integer(0...1_000_000), "Of these, pieces that would get a next version or other aliases."),
        .required("added", .integer(0...1_000_000), "Of these, pieces that would be added."),
        .required("faulty", .integer(0...1_000_000), "Of these, lines with faults."),
        .required("changes", .array(Self.change, 0...30_000), "The changes of this page's lines."),
        .required("faults", .array(Self.fault, 0...30_000), "The faults of this page's lines."), Schema.pageReply)

    private static let change = Schema.object(
        [
            .required("line", .integer(1...1_000_000), "The line; the one after the header is 1."),
            .required("code", .code(1...20), "The piece."),
            .required("isNew", .boolean, "Whether the piece would be added."),
        ] + FieldChange.fields)
    private static let fault = Schema.object(
        .required("line", .integer(0...1_000_000), "The line."),
        .optional("field", .code(1...40), "The field; absent where it is the whole line."),
        .required("textZh", .text(1...200), "What is wrong."),
        .required("textEn", .text(1...300), "The same in English."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        _ = try CatalogueWork(call, reason: "-", source: "")
        let page = try Page(limit: params.limit, after: params.after, fields: 1)
        let from = try page.after(0, as: Int.self) ?? 0
        let lines = try CatalogueFile(params.fileId, call).lines
        let shelf = try CatalogueImportLine.Shelf(
            codes: lines.map { CatalogueImportLine.code($0.cells["code"]) },
            names: lines.flatMap { line in
                [line.cells["nameZh"] ?? ""] + CatalogueImportLine.aliases(line.cells["aliases"]).map(\.nameZh)
            }, call)
        var told = Told(from: from, limit: page.limit)
        for line in lines { told.take(line, shelf) }
        return Reply(
            lines: lines.count, unchanged: told.unchanged, changed: told.changed, added: told.added,
            faulty: told.faulty,
            changes: told.changes, faults: told.faults, next: told.next)
    }

    /// What the lines come to: all of them counted, those of the page told.
    private struct Told {
        let from: Int
        let limit: Int
        var (unchanged, changed, added, faulty) = (0, 0, 0, 0)
        var changes: [Change] = []
        var faults: [LineFault] = []
        var next: String?
        private var lines = 0
        private var last = 0
        private var seen: Set<String> = []

        init(from: Int, limit: Int) {
            self.from = from
            self.limit = limit
        }

        mutating func take(_ line: CatalogueFile.Line, _ shelf: CatalogueImportLine.Shelf) {
            let code = CatalogueImportLine.code(line.cells["code"])
            switch CatalogueImportLine.judge({ line.cells[$0] }, shelf) {
            case .success where !self.seen.insert(code).inserted: self.refuse([PreviewCatalogue.twice], line.number)
            case .success(let judged): self.accept(judged, code, line.number)
            case .failure(let faulty): self.refuse(faulty.faults, line.number)
            }
        }

        private mutating func refuse(_ found: [ImportFault], _ line: Int) {
            self.faulty += 1
            guard self.isTold(line) else { return }
            self.faults += found.map { LineFault(line: line, field: $0.field, textZh: $0.text.zh, textEn: $0.text.en) }
        }

        private mutating func accept(_ judged: CatalogueImportLine, _ code: String, _ line: Int) {
            let found = judged.changes
            if judged.old == nil {
                self.added += 1
            } else if found.isEmpty {
                self.unchanged += 1
            } else {
                self.changed += 1
            }
            guard !found.isEmpty, self.isTold(line) else { return }
            self.changes += found.map {
                Change(
                    line: line, code: code, isNew: judged.old == nil, field: $0.field, fieldZh: $0.fieldZh, old: $0.old,
                    new: $0.new)
            }
        }

        /// Whether the line stands on the page; the first behind it says where the next one begins.
        private mutating func isTold(_ line: Int) -> Bool {
            guard line > self.from, self.next == nil else { return false }
            guard self.lines < self.limit else {
                self.next = Page.cursor(String(self.last))
                return false
            }
            self.lines += 1
            self.last = line
            return true
        }
    }

    private static let twice = ImportFault("code", .init(zh: "该饮片在文件中重复", en: "the piece stands in the file twice"))

    static var examples: Examples<Params, Reply> {
        let change = Change(
            line: 1, code: "XLYP0001", isNew: false, field: "storageClass", fieldZh: "贮藏类别", old: "普通", new: "易霉变")
        let fault = LineFault(line: 2, field: "code", textZh: "目录中没有该编码", textEn: "unknown")
        return Examples(
            full: (
                Params(fileId: Sample.document, limit: 2, after: "0"),
                Reply(
                    lines: 3, unchanged: 0, changed: 2, added: 0, faulty: 1, changes: [change], faults: [fault],
                    next: "2")
            ),
            minimal: (
                Params(fileId: Sample.document),
                Reply(lines: 767, unchanged: 767, changed: 0, added: 0, faulty: 0, changes: [], faults: [])
            ))
    }
}
