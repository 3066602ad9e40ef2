/// Cuts SQL text where the rules need it cut. It knows comments, quotes, dollar quotes and brackets, and no more.
enum SQLStatements {
    /// The statements, each on one line with single blanks, without comments and without the bodies of functions.
    static func split(_ text: String) -> [String] {
        let withoutComments = text.replacing(/--[^\n]*/, with: "").replacing(#//\*(?:.|\n)*?\*//#, with: " ")
        let withoutBodies = withoutComments.replacing(/\$(\w*)\$(?:.|\n)*?\$\1\$/, with: "''")
        return self.cut(withoutBodies[...], at: ";").map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("( ", with: "(").replacing(
                " )", with: ")")
        }.filter { !$0.isEmpty }
    }

    /// The parts between commas of the outermost brackets' inside, up to their end.
    static func parts(_ inside: Substring) -> [String] {
        self.cut(self.upToClosing(inside), at: ",").map { $0.trimmingBlanks }
    }

    /// The plain column names of a bracketed list; expressions are left out.
    static func names(_ inside: Substring) -> [String] {
        self.parts(inside).compactMap { part in
            part.wholeMatch(of: /(\w+)(?: (?:COLLATE \S+|\w+_ops|ASC|DESC|NULLS FIRST|NULLS LAST))*/).map {
                String($0.1)
            }
        }
    }

    private static func upToClosing(_ text: Substring) -> Substring {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")":
                if depth == 0 { return text[..<index] }
                depth -= 1
            default: break
            }
        }
        return text
    }

    private static func cut(_ text: Substring, at separator: Character) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var depth = 0
        var isQuoted = false
        for index in text.indices {
            let character = text[index]
            if character == "'" { isQuoted.toggle() }
            if isQuoted { continue }
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == separator, depth == 0 {
                pieces.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        pieces.append(text[start...])
        return pieces
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        String(self.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
