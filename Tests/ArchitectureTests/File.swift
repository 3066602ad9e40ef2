import Foundation

/// One file of the repository. Searches go over its bytes: in a debug build that is a hundred times as fast as over characters.
struct File {
    /// Relative to the repository's root.
    let path: String
    let data: Data

    init(path: String, data: Data) {
        self.path = path
        self.data = data
    }

    init(path: String, text: String) {
        self.init(path: path, data: Data(text.utf8))
    }

    /// A line with its number.
    struct Line {
        let number: Int
        let text: String

        var isComment: Bool { self.text.drop { $0.isWhitespace }.hasPrefix("//") }
    }

    var text: String { String(decoding: self.data, as: UTF8.self) }

    var folder: String { self.path.split(separator: "/").dropLast().joined(separator: "/") }

    var name: String { self.path.split(separator: "/").last.map(String.init) ?? self.path }

    var lineCount: Int {
        self.data.withUnsafeBytes { bytes in bytes.reduce(into: 0) { if $1 == 0x0A { $0 += 1 } } }
    }

    func contains(_ word: String) -> Bool {
        self.data.range(of: Data(word.utf8)) != nil
    }

    /// The lines in which the word stands.
    func lines(with word: String) -> [Line] {
        let needle = Data(word.utf8)
        var found: [Line] = []
        var start = self.data.startIndex
        while let range = self.data.range(of: needle, in: start..<self.data.endIndex) {
            let before = self.data[..<range.lowerBound]
            let begin = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? self.data.startIndex
            let end = self.data[range.upperBound...].firstIndex(of: 0x0A) ?? self.data.endIndex
            let number = before.withUnsafeBytes { bytes in bytes.reduce(into: 1) { if $1 == 0x0A { $0 += 1 } } }
            found.append(Line(number: number, text: String(decoding: self.data[begin..<end], as: UTF8.self)))
            start = end
        }
        return found
    }

    /// The lines of code, not of comments, in which the word stands.
    func code(with word: String) -> [Line] {
        self.lines(with: word).filter { !$0.isComment }
    }

    /// The modules that the file imports: what follows `import` where only attributes and an access level stand before it.
    var imports: [String] {
        self.code(with: "import ").compactMap { line in
            let words = line.text.split { $0 == " " || $0 == "\t" }
            guard let place = words.firstIndex(of: "import"), words.indices.contains(place + 1),
                words[..<place].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains(String($0)) })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
            let named = kinds.contains(words[place + 1]) ? words.dropFirst(place + 2).first : words[place + 1]
            return named?.split(separator: ".").first.map(String.init)
        }
    }

    private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
}
