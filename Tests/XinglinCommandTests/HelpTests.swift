import Foundation
import Testing
import XinglinKit

@testable import XinglinCommand

@Suite struct HelpTests {
    @Test("Every command teaches in both languages: an abstract, and an example that names it")
    func bothLanguages() {
        for locale in XinglinKit.Locale.allCases {
            Language.$current.withValue(locale) {
                for page in CommandPage.all() {
                    #expect(isChinese(page.abstract) == (locale == .zh), "\(page.path): \(page.abstract)")
                    #expect(page.discussion.contains("xinglin"), "\(page.path) lacks an example")
                    let words = page.discussion.replacing("亥字镇中心卫生院", with: "")
                    #expect(isChinese(words) == (locale == .zh), "\(page.path): \(words)")
                    self.checkArguments(page, locale)
                }
            }
        }
    }

    private func checkArguments(_ page: CommandPage, _ locale: XinglinKit.Locale) {
        let path = page.path
        let lines = page.help(columns: 200).split(separator: "\n").filter { $0.hasPrefix("  -") }
        // A long label has its description on the next line.
        for line in lines where line.firstMatch(of: /\ {2,}[^\ -]/) != nil {
            #expect(isChinese(String(line)) == (locale == .zh), "\(path): \(line)")
        }
    }

    @Test("Nothing of the parser's English is left in Chinese help")
    func translatedHelp() {
        Language.$current.withValue(.zh) {
            for page in CommandPage.all() {
                let (path, help) = (page.path, page.help(columns: 80))
                for word in ["OVERVIEW", "USAGE", "OPTIONS", "ARGUMENTS", "SUBCOMMANDS", "Show ", "See '", "default:"] {
                    #expect(!help.contains(word), "\(path): \(word) in\n\(help)")
                }
                for line in help.split(separator: "\n") where isChinese(String(line)) {
                    #expect(displayWidth(String(line)) <= 80, "\(path): \(line)")
                }
            }
        }
    }

    @Test("Wrapping keeps every character and no line is wider than the terminal", arguments: [20, 33, 40, 79])
    func wrapping(columns: Int) {
        let line = "  --data <folder>         存放密钥、证书和内置数据库的文件夹；默认为 data，也可以用环境变量 XINGLIN_DATA 指定。"
        let lines = HelpText.wrapped(line, columns)
        func bare(_ text: String) -> String { text.replacing(" ", with: "") }
        #expect(bare(lines.joined()) == bare(line))
        if columns >= 40 { #expect(lines.allSatisfy { displayWidth($0) <= columns }, "\(lines)") }
        #expect(lines.dropFirst().allSatisfy { !"，。；：、）".contains($0.drop { $0 == " " }.first ?? "x") })
    }

    @Test(
        "A mistyped command is answered with the nearest one",
        arguments: [
            (["acounts"], "xinglin accounts"), (["accounts", "lst"], "xinglin accounts list"),
            (["modules", "enabel", "x"], "xinglin modules enable"), (["serv"], "xinglin serve"),
            (["sites", "creat"], "xinglin sites create"), (["Doctor"], "xinglin doctor"),
        ])
    func nearest(arguments: [String], expected: String) throws {
        for locale in XinglinKit.Locale.allCases {
            let message = Language.$current.withValue(locale) {
                NearestName.unknownSubcommand(arguments, root: RootCommand.self)
            }
            #expect(try #require(message).contains("\"\(expected)\""))
        }
    }

    @Test("What is no mistake in a command's name is left to the parser")
    func noMistake() {
        for arguments in [
            ["serve", "--nonsense"], ["accounts"], [], ["--nonsense"], ["help", "x"], ["call", "x", "y", "z"],
        ] {
            #expect(NearestName.unknownSubcommand(arguments, root: RootCommand.self) == nil, "\(arguments)")
        }
        #expect(NearestName.unknownSubcommand(["zzzzzzzz"], root: RootCommand.self)?.contains("--help") == true)
    }

    @Test(
        "The parser's errors come in Chinese",
        arguments: [
            ["serve", "--dta", "x"], ["call"], ["serve", "--data"], ["serve", "--demo=x"], ["whoami", "x"],
            ["completions"], ["whoami", "x", "y"],
        ])
    func translatedErrors(arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { _ = try RootCommand.parsed(arguments) }
        let refusal = try #require(error)
        let chinese = Language.$current.withValue(.zh) { RootCommand.text(of: refusal) }
        let first = try #require(chinese.split(separator: "\n").first)
        #expect(first.hasPrefix("错误：") && !first.contains(/[A-Za-z]{3,} [a-z]{3,}/), "\(first)")
    }

    @Test("docs/command-line.md has every command")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/command-line.md"), encoding: .utf8)
        for command in CommandPage.all() {
            #expect(page.contains("`\(command.path)`"), "docs/command-line.md lacks `\(command.path)`")
        }
    }
}
