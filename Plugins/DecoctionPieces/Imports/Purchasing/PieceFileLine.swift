internal import XinglinKit

/// A line of a site's own file about a piece: what it would change, or what is wrong with it.
struct PieceFileLine {
    let piece: String
    /// Which field it sets, as the preview shows it.
    let field: ImportColumn
    /// nil where there was none.
    let old: String?
    let new: String
    /// Whether the site has it so already.
    let isUnchanged: Bool
    /// What tells it from the other lines of the file.
    let key: [String]
    let prepared: [String]

    private static let separator = "\u{1F}"

    var verdict: ImportVerdict {
        .good(
            prepared: Array(self.prepared.joined(separator: Self.separator).utf8),
            unique: Array(self.key.joined(separator: Self.separator).utf8))
    }

    /// The fields of a good line on its way to be applied.
    static func fields(_ content: [UInt8], _ count: Int) throws -> [String] {
        let fields = String(decoding: content, as: UTF8.self)
            .split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == count else { throw Unreadable() }
        return fields
    }

    /// The stored bytes are not those of a line.
    struct Unreadable: Error {}

    struct Faulty: Error {
        let faults: [ImportFault]
    }

    static let pieceCode = ImportColumn(
        "pieceCode", .init(zh: "饮片代码", en: "Piece code"), required: true,
        .init(zh: "饮片目录中的代码，如 XLYP0001", en: "A code of the catalogue, such as XLYP0001"))
    static let pieceName = ImportColumn(
        "pieceName", .init(zh: "饮片名称", en: "Piece name"), required: false,
        .init(zh: "可不填；填写时须与目录中的名称一致，用于核对", en: "May be left out; where given it must be the catalogue's, as a check"))

    static func code(_ text: String?) -> String { PlainText.number(text ?? "").uppercased() }

    /// What is wrong with the piece that a line names.
    static func pieceFaults(_ value: (String) -> String?, _ names: [String: String]) -> [ImportFault] {
        guard let typed = value(Self.pieceCode.code), !typed.isEmpty else {
            return [OpeningStockFault.missing(Self.pieceCode.code)]
        }
        guard let name = names[Self.code(typed)] else { return [OpeningStockFault.pieceUnknown] }
        guard let written = value(Self.pieceName.code), !written.isEmpty,
            PlainText.number(written) != PlainText.number(name)
        else { return [] }
        return [OpeningStockFault.pieceNameDiffers]
    }
}
