internal import XinglinKit

/// A change of the catalogue for the whole county, which its bureau alone makes.
struct CatalogueWork {
    let call: Call
    let author: CatalogueStore.Author

    /// - Throws: `decoction.catalogueOfCounty` elsewhere than at a bureau.
    init(_ call: Call, reason: String, source: String) throws {
        guard try call.site.kind == .bureau else { throw CatalogueFault.catalogueOfCounty.fault() }
        self.call = call
        self.author = CatalogueStore.Author(
            account: try call.caller.accountID, now: call.now, reason: PlainText.trimmed(reason),
            source: PlainText.trimmed(source))
    }

    /// The piece, while nobody else changes the catalogue.
    /// - Throws: `decoction.pieceUnknown`.
    func content(_ code: String) throws -> PieceContent {
        let results = try self.call.db.batch([
            Statement(CatalogueStore.own), Statement(CatalogueStore.contents([code])),
        ])
        guard let content = try CatalogueStore.contents(results[1]).first else {
            throw DecoctionFault.unknown([code])
        }
        return content
    }

    /// Gives a piece other values, as its next version.
    /// - Returns: what has changed; nothing is written where nothing does.
    func change(_ old: PieceContent, to new: PieceContent) throws -> [PieceContent.Change] {
        let changes = old.changes(to: new)
        guard !changes.isEmpty else { return [] }
        let change = CatalogueStore.Change(
            code: old.code, revision: old.revision, columns: new.columns(of: changes))
        try self.call.db.execute(CatalogueStore.change([change], by: self.author), expecting: .rows(1))
        self.note(old.code, old.revision + 1)
        return changes
    }

    func note(_ code: String, _ revision: Int) {
        self.call.note("pieceCode", .string(code))
        self.call.note("revision", .integer(Int64(revision)))
        self.call.note("reason", .string(self.author.reason))
    }

    /// That nobody has the names.
    /// - Throws: `decoction.pieceNameTaken`.
    func checkFree(_ names: [String]) throws {
        let taken = try self.call.db.query(CatalogueStore.named(names), as: (String, String).self)
        if let (name, code) = taken.first {
            throw CatalogueFault.pieceNameTaken.fault(["nameZh": .string(name), "pieceCode": .string(code)])
        }
    }
}

/// A field with the value that it is to have.
struct FieldValue: Codable, Sendable {
    let field: String
    var value: String?

    /// - Parameter fields: those that may be named.
    static func schema(_ fields: [PieceField]) -> Schema {
        .array(
            .object(
                .required("field", .enumeration(fields.map(\.code)), "Which field."),
                .optional(
                    "value", .opaque(0...200),
                    "Its new value as the catalogue's file writes it, a code or its Chinese label; absent for none.")),
            1...30)
    }

    /// The values by field.
    /// - Throws: `host.invalidParams` for a field that stands twice.
    static func cells(_ values: [FieldValue]) throws -> [String: String] {
        var cells: [String: String] = [:]
        for (index, value) in values.enumerated() {
            guard cells.updateValue(value.value ?? "", forKey: value.field) == nil else {
                throw Fault.invalid("/changes/\(index)/field", expected: "each field once", zh: "每个字段只列一次")
            }
        }
        return cells
    }

    /// The piece with these values.
    /// - Throws: `host.invalidParams` for the first that cannot be.
    static func apply(_ values: [FieldValue], to content: PieceContent) throws -> PieceContent {
        switch content.with(try Self.cells(values)) {
        case .success(let next): return next
        case .failure(let refused):
            let first = refused.fields.first
            let index = values.firstIndex { $0.field == first?.field }
            throw Fault.invalid(
                index.map { "/changes/\($0)/value" } ?? "/changes", expected: first?.text.en ?? "other values",
                zh: first?.text.zh)
        }
    }
}

/// What has changed, or would, as a reply shows it.
struct FieldChange: Codable, Sendable, Equatable {
    let field: String
    let fieldZh: String
    var old: String?
    var new: String?

    init(field: String, fieldZh: String, old: String?, new: String?) {
        self.field = field
        self.fieldZh = fieldZh
        self.old = old.flatMap { $0.isEmpty ? nil : $0 }
        self.new = new.flatMap { $0.isEmpty ? nil : $0 }
    }

    init(_ change: PieceContent.Change) {
        self.init(field: change.field.code, fieldZh: change.field.name.zh, old: change.old, new: change.new)
    }

    static let fields: [Schema.Field] = [
        .required("field", .code(1...40), "Which field."),
        .required("fieldZh", .text(1...40), "Its name in Chinese."),
        .optional("old", .opaque(0...1000), "What it was, as the catalogue's file writes it; absent for nothing."),
        .optional("new", .opaque(0...1000), "What it is then; absent for nothing."),
    ]

    static let example = FieldChange(field: "storageClass", fieldZh: "贮藏类别", old: "普通", new: "易霉变")
}
