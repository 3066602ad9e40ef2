internal import XinglinKit

/// What the argument parser writes, which is English, in the terminal's language.
enum HelpText {
    /// The width to ask the parser for: it counts a Chinese character as one column and breaks in the middle of its own
    /// words, so Chinese is wrapped here alone.
    static func parserColumns(_ columns: Int) -> Int {
        Language.current == .zh ? 10_000 : columns
    }

    /// - Parameter columns: the width of the terminal.
    static func localized(_ text: String, columns: Int) -> String {
        guard Language.current == .zh else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { self.wrapped(self.translated(String($0)), columns) }.joined(separator: "\n")
    }

    private static func translated(_ line: String) -> String {
        for (english, chinese) in self.beginnings where line.hasPrefix(english) {
            return self.error(chinese + line.dropFirst(english.count))
        }
        if let group = line.wholeMatch(of: /(.+) SUBCOMMANDS:/) { return "\(group.1)：" }
        if let see = line.wholeMatch(of: /\ \ See '(.+)' for (?:detailed help|more information)\./) {
            return "  详情请看：\(see.1)"
        }
        return line.replacing("Show help information.", with: "显示本帮助。")
            .replacing("Show the version.", with: "显示版本。")
            .replacing("Show subcommand help information.", with: "显示子命令的帮助。")
            .replacing(/\ ?\(values: ([^;)]*); default: ([^)]*)\)/) { "（可用 \($0.1)；默认 \($0.2)）" }
            .replacing(/\ ?\(values: ([^;)]*)\)/) { "（可用 \($0.1)）" }
            .replacing(/\ ?\(default: ([^)]*)\)/) { "（默认 \($0.1)）" }
    }

    private static let beginnings = [
        ("OVERVIEW: ", ""), ("USAGE: ", "用法："), ("Usage: ", "用法："), ("ARGUMENTS:", "参数："), ("OPTIONS:", "选项："),
        ("SUBCOMMANDS:", "子命令："), ("Error: ", "错误："), ("Help:  ", "说明："),
    ]

    /// The parser's own errors. What is not known here stays in English rather than get lost.
    private static func error(_ line: String) -> String {
        line.replacing(/Unknown option '([^']*)'/) { "没有选项 '\($0.1)'" }
            .replacing(/\. Did you mean '([^']*)'\?/) { "，是否想用 '\($0.1)'？" }
            .replacing(/Missing value for '([^']*)'/) { "'\($0.1)' 缺少取值" }
            .replacing(/Missing expected argument '([^']*)'/) { "缺少参数 '\($0.1)'" }
            .replacing(/Missing one of: '(.*)'/) { "缺少其中之一：'\($0.1)'" }
            .replacing(/Unexpected argument '([^']*)'/) { "多余的参数 '\($0.1)'" }
            .replacing(/[0-9]+ unexpected arguments: '(.*)'/) { "多余的参数：'\($0.1)'" }
            .replacing(/The option '([^']*)' does not take any value, but '([^']*)' was specified\./) {
                "选项 '\($0.1)' 不带取值，却给出了 '\($0.2)'"
            }
            .replacing(/The value '([^']*)' is invalid for '([^']*)'/) { "'\($0.2)' 不接受取值 '\($0.1)'" }
            .replacing("Missing required subcommand.", with: "缺少子命令。")
    }

    /// Breaks a line that is wider than the terminal; what follows stands under the line's own column.
    static func wrapped(_ line: String, _ columns: Int) -> [String] {
        guard displayWidth(line) > columns else { return [line] }
        let indent = self.indent(of: line)
        var lines: [String] = []
        var current = ""
        for piece in self.pieces(of: line) {
            if displayWidth(current + piece) > columns, displayWidth(current) > indent {
                lines.append(current)
                current = String(repeating: " ", count: indent) + piece.drop { $0 == " " }
            } else {
                current += piece
            }
        }
        return lines + [current]
    }

    /// Where a line may break: before a blank, and around every Chinese character that is no closing mark.
    private static func pieces(of line: String) -> [String] {
        var pieces: [String] = []
        var wasWide = false
        for character in line {
            let isWide = displayWidth(String(character)) == 2
            let mayBreak = character == " " || (isWide || wasWide) && !"，。；：、）》”！？".contains(character)
            if pieces.isEmpty || (mayBreak && pieces.last?.allSatisfy({ $0 == " " }) == false) {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
            wasWide = isWide && !"（《“".contains(character)
        }
        return pieces
    }

    /// The column of the description behind a label (`  --data <folder>   …`), else of the first character.
    private static func indent(of line: String) -> Int {
        let leading = line.prefix { $0 == " " }.count
        guard leading > 0, let gap = line.dropFirst(leading).firstMatch(of: /\ {2,}/) else { return leading }
        return displayWidth(String(line[..<gap.range.upperBound]))
    }
}
