internal import XinglinKit

/// A line of the catalogue's file, judged against what the catalogue holds.
struct CatalogueImportLine {
    /// What lines are judged by.
    struct Shelf {
        let contents: [String: PieceContent]
        let aliases: [String: [PieceAlias]]
        /// Who has a name now, as its own or as an alias.
        let owners: [String: String]

        /// Reads what the catalogue holds of the codes and the names that lines give.
        init(codes: [String], names: [String], _ call: Call) throws {
            let results = try call.db.batch([
                Statement(CatalogueStore.contents(codes)), Statement(AliasStore.of(codes)),
                Statement(CatalogueStore.named(names)),
            ])
            self.contents = Dictionary(try CatalogueStore.contents(results[0]).map { ($0.code, $0) }) { first, _ in
                first
            }
            self.aliases = try AliasStore.aliases(results[1])
            self.owners = Dictionary(try results[2].decode(as: (String, String).self)) { first, _ in first }
        }
    }

    /// Nil where the line adds the piece.
    let old: PieceContent?
    let new: PieceContent
    let oldAliases: [PieceAlias]
    let newAliases: [PieceAlias]

    static func code(_ text: String?) -> String { PlainText.number(text ?? "").uppercased() }

    /// The aliases that a line gives; none where they are malformed.
    static func aliases(_ text: String?) -> [PieceAlias] { PieceAlias.read(text ?? "") ?? [] }

    /// What a line asks for, or what is wrong with it.
    static func judge(_ value: (String) -> String?, _ shelf: Shelf) -> Result<CatalogueImportLine, Faulty> {
        let code = Self.code(value("code"))
        let known = shelf.contents[code]
        guard known != nil || Self.isCountyCode(code) else {
            return .failure(Faulty(faults: [CatalogueImportFault.codeUnknown]))
        }
        let base = known ?? PieceContent(code: code, revision: 0, isCounty: true, values: [:])
        let cells = Dictionary(uniqueKeysWithValues: PieceField.all.map { ($0.code, value($0.code) ?? "") })
        var faults: [ImportFault] = []
        var next = base
        switch base.with(cells) {
        case .success(let content): next = content
        case .failure(let refused): faults = refused.fields.map { ImportFault($0.field, $0.text) }
        }
        if let known {
            for field in PieceField.all where field.isIdentity && next.cell(field) != known.cell(field) {
                faults.append(ImportFault(field.code, CatalogueImportFault.identity))
            }
        }
        let aliases = PieceAlias.read(value("aliases") ?? "")
        if aliases == nil { faults.append(CatalogueImportFault.aliases) }
        let owner = next.values["nameZh"].flatMap { shelf.owners[$0] }
        if let owner, owner != code { faults.append(CatalogueImportFault.nameTaken("nameZh")) }
        for alias in aliases ?? [] where shelf.owners[alias.nameZh].map({ $0 != code }) ?? false {
            faults.append(CatalogueImportFault.nameTaken("aliases"))
        }
        if (aliases ?? []).contains(where: { $0.nameZh == next.values["nameZh"] }) {
            faults.append(CatalogueImportFault.aliases)
        }
        guard faults.isEmpty, let aliases else { return .failure(Faulty(faults: faults)) }
        return .success(
            CatalogueImportLine(
                old: known, new: next, oldAliases: shelf.aliases[code] ?? [], newAliases: aliases))
    }

    struct Faulty: Error {
        let faults: [ImportFault]
    }

    private static func isCountyCode(_ code: String) -> Bool {
        code.utf8.count == 8 && code.hasPrefix("XLYP9")
            && code.utf8.dropFirst(4).allSatisfy { (0x30...0x39).contains($0) }
            && code > "XLYP9000"
    }

    /// What the line would change, field by field.
    var changes: [FieldChange] {
        let former = self.old ?? PieceContent(code: self.new.code, revision: 0, isCounty: true, values: [:])
        var changes = former.changes(to: self.new).map { change in
            FieldChange(
                field: change.field.code, fieldZh: change.field.name.zh, old: self.old == nil ? nil : change.old,
                new: change.new)
        }
        let (old, new) = (PieceAlias.text(self.oldAliases), PieceAlias.text(self.newAliases))
        if old != new {
            changes.append(
                FieldChange(
                    field: CatalogueImport.aliases.code, fieldZh: CatalogueImport.aliases.name.zh, old: old, new: new))
        }
        return changes
    }
}

/// What can be wrong with a line of the catalogue's file, besides its fields.
enum CatalogueImportFault {
    static let codeUnknown = ImportFault(
        "code",
        .init(
            zh: "目录中没有该编码；县级新增的编码为 XLYP9001 至 XLYP9999", en: "unknown; the county's own codes are XLYP9001 to XLYP9999")
    )
    static let identity = LocalizedText(
        zh: "名称和基原药材不能更改：别名另列，另一种饮片另行新增", en: "name and base material never change: list an alias, or add another piece"
    )
    static let aliases = ImportFault(
        "aliases",
        .init(
            zh: "须为“名称”或“名称/拼音/首字母”，以 ; 分隔，不重复",
            en: "must be names, or name/pinyin/INITIALS, between semicolons, each once"))
    static let changedMeanwhile = ImportFault(
        "code", .init(zh: "该饮片在核对之后已被修改", en: "the piece was changed since the file was checked"))

    static func nameTaken(_ field: String) -> ImportFault {
        ImportFault(field, .init(zh: "目录中另一种饮片已用该名称或别名", en: "another piece has this name or alias"))
    }
}
