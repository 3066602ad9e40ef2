/// The commands in a text as a shell would read it, as far as pages need it: quotes, redirections, pipes, comments,
/// assignments before a command, and programs that run another one.
struct ShellText {
    /// The words of each command.
    private(set) var commands: [[String]] = []
    /// Whether a quotation is still open at the end, so that the next line belongs to it.
    private(set) var isOpen = false

    init(_ text: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
                continue
            }
            switch character {
            case "(" where word?.hasSuffix("$") == true:
                // What another command prints is part of the word.
                let inner = rest.prefix { $0 != ")" }
                word = (word ?? "") + "(\(inner))"
                rest = rest.dropFirst(inner.count + 1)
            case "'", "\"":
                quote = character
                word = word ?? ""
            case " ", "\n":
                if let done = word { words.append(done) }
                word = nil
            case "#" where word == nil: rest = rest.drop { $0 != "\n" }
            case "|", ";", "&":
                if let done = word { words.append(done) }
                word = nil
                self.commands.append(words)
                words = []
            default: word = (word ?? "") + String(character)
            }
        }
        self.isOpen = quote != nil
        if let word { words.append(word) }
        self.commands.append(words)
    }

    /// The arguments of each run of xinglin.
    var runs: [[String]] { self.commands.flatMap(Self.runs) }

    private static func runs(_ command: [String]) -> [[String]] {
        var words = command[...]
        if let place = words.firstIndex(where: { $0.hasPrefix(">") || $0 == "<" }) { words = words[..<place] }
        while let first = words.first {
            switch first.split(separator: "/").last {
            case "xinglin": return [words.dropFirst().filter { $0 != "…" }]
            case "sh" where words.dropFirst().first == "-c": return ShellText(words.dropFirst(2).first ?? "").runs
            case "exec": words = words.dropFirst()
            case "sudo", "runuser":
                words = words.dropFirst()
                if words.first == "-u" { words = words.dropFirst(2) }
                if words.first == "--" { words = words.dropFirst() }
            case _ where first.prefixMatch(of: /[A-Za-z_]+=/) != nil: words = words.dropFirst()
            default: return []
            }
        }
        return []
    }
}
