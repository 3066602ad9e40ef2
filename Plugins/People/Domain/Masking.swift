/// How personal data is shown to who has no purpose to see all of it.
enum Masking {
    /// `110105********002X`; of other documents the first two and the last two characters.
    static func document(_ number: String, kind: DocumentKind) -> String {
        kind == .citizenId ? self.masked(number, head: 6, tail: 4) : self.masked(number, head: 2, tail: 2)
    }

    /// `138****1234`; of other numbers the last four digits.
    static func phone(_ number: String) -> String {
        number.count == 11 ? self.masked(number, head: 3, tail: 4) : self.masked(number, head: 0, tail: 4)
    }

    /// `张*`, whatever the name's length.
    static func name(_ name: String) -> String { "\(name.prefix(1))*" }

    /// The address down to the town (镇, 乡, 街道), else its first six characters.
    static func address(_ address: String) -> String {
        let characters = Array(address)
        for (index, character) in characters.enumerated().dropFirst(2) where index < characters.count - 1 {
            let isTown = character == "镇" || character == "乡" || (character == "道" && characters[index - 1] == "街")
            if isTown { return String(characters[...index]) + "***" }
        }
        return String(characters.prefix(min(6, characters.count / 2))) + "***"
    }

    /// At least half of a short text is hidden.
    private static func masked(_ text: String, head: Int, tail: Int) -> String {
        let count = text.count
        guard count >= head + tail + 2, count >= 4 else {
            return "\(text.prefix(min(1, count / 4)))" + String(repeating: "*", count: max(3, count - 1))
        }
        return text.prefix(head) + String(repeating: "*", count: count - head - tail) + text.suffix(tail)
    }
}
