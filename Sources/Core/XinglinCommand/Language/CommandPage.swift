internal import ArgumentParser

/// One command's help, as it is shown and as docs/command-line.md names it.
struct CommandPage {
    /// With those above it: `xinglin accounts list`.
    let path: String
    private let command: any ParsableCommand.Type

    /// Every command, each behind the one it belongs to.
    static func all() -> [CommandPage] {
        self.below(RootCommand.self, "xinglin")
    }

    var abstract: String { self.command.configuration.abstract }
    var discussion: String { self.command.configuration.discussion }

    /// The help in the terminal's language.
    func help(columns: Int) -> String {
        let text = RootCommand.helpMessage(for: self.command, columns: HelpText.parserColumns(columns))
        return HelpText.localized(text, columns: columns)
    }

    private static func below(_ command: any ParsableCommand.Type, _ path: String) -> [CommandPage] {
        [CommandPage(path: path, command: command)]
            + command.configuration.subcommands.flatMap {
                self.below($0, "\(path) \($0.configuration.commandName ?? "")")
            }
    }
}
