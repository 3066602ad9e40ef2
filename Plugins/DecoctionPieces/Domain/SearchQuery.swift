/// What a person typed to find a piece: a part of its name, the beginning of its pinyin or initials, or its code.
struct SearchQuery: Equatable {
    /// As the name is written.
    let name: String
    /// As pinyin is written in the catalogue: lowercase, ü as v.
    let pinyin: String
    /// As initials and codes are written in the catalogue.
    let capitals: String

    /// Takes full-width letters, either case, inner blanks and apostrophes; nil where nothing is left.
    init?(_ text: String) {
        let name = PlainText.number(text).filter { !Self.apostrophes.contains($0) }
        guard !name.isEmpty else { return nil }
        self.init(normalised: name)
    }

    init(normalised name: String) {
        self.name = name
        self.pinyin = String(name.lowercased().map { $0 == "ü" ? "v" : $0 })
        self.capitals = self.pinyin.uppercased()
    }

    private static let apostrophes: Set<Character> = ["'", "’", "‘", "`"]
}
