internal import XinglinKit

/// Another name of a piece, with its pinyin where somebody has given it.
struct PieceAlias: Hashable {
    let nameZh: String
    var pinyin = ""
    var initials = ""

    /// `双花/shuanghua/SH`, or the name alone.
    var text: String { self.pinyin.isEmpty ? self.nameZh : "\(self.nameZh)/\(self.pinyin)/\(self.initials)" }

    /// All of them in one cell, in the order of their names.
    static func text(_ aliases: [PieceAlias]) -> String {
        aliases.map(\.text).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.joined(separator: ";")
    }

    /// Reads a cell; nil where an alias is malformed or stands twice.
    static func read(_ text: String) -> [PieceAlias]? {
        let cell = PlainText.trimmed(text)
        guard !cell.isEmpty else { return [] }
        var aliases: [PieceAlias] = []
        for part in cell.split(separator: ";", omittingEmptySubsequences: false) {
            guard let alias = Self.one(String(part)), !aliases.contains(where: { $0.nameZh == alias.nameZh }) else {
                return nil
            }
            aliases.append(alias)
        }
        return aliases
    }

    private static func one(_ text: String) -> PieceAlias? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 1 || parts.count == 3 && !parts[1].isEmpty else { return nil }
        return PieceAlias(
            checked: parts[0], pinyin: parts.count == 3 ? parts[1] : "", initials: parts.count == 3 ? parts[2] : "")
    }

    init(nameZh: String, pinyin: String = "", initials: String = "") {
        self.nameZh = nameZh
        self.pinyin = pinyin
        self.initials = initials
    }

    /// Nil where the name, or what is given of its pinyin, is not as it is written; pinyin comes with its initials.
    init?(checked name: String, pinyin: String, initials: String) {
        let name = PlainText.number(name)
        guard (1...20).contains(name.unicodeScalars.count), !name.contains("/"), !name.contains(";"),
            !name.contains(","),
            pinyin.isEmpty == initials.isEmpty
        else { return nil }
        if !pinyin.isEmpty {
            guard PieceField.byCode["pinyin"]?.read(pinyin) == .value(pinyin),
                PieceField.byCode["initials"]?.read(initials) == .value(initials)
            else { return nil }
        }
        self.init(nameZh: name, pinyin: pinyin, initials: initials)
    }
}
