internal import ArgumentParser
internal import Glibc
internal import XinglinHost

/// The whole command line: reads the arguments, runs the command and ends the process with its exit code, which is
/// 0 where all went well, 1 where something was refused or failed, 2 for wrong usage and 3 where no host answers.
public func runXinglin() async {
    // A client that goes away, or a closed pipe, is an error of one write and no reason to die.
    signal(SIGPIPE, SIG_IGN)
    let code = await RootCommand.run(Array(CommandLine.arguments.dropFirst()))
    // A log that nobody reads must not keep the process from ending.
    LogWriter.standard.flush(within: .seconds(2))
    exit(code)
}

struct RootCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "xinglin",
            abstract: words(zh: "杏林：县域医共体的主机。", en: "Xinglin: the host of a county medical community."),
            discussion: words(
                zh: """
                    试用：先运行 xinglin serve --data data --demo，另开一个终端运行
                    xinglin login pharmacist --data data（密码在 data/demo-accounts.json）。

                    退出码：0 成功，1 被拒绝或失败，2 用法有误，3 主机没有应答。
                    所有命令见 docs/command-line.md，设置见 docs/settings.md。
                    """,
                en: """
                    To try it: run xinglin serve --data data --demo, and in another terminal
                    xinglin login pharmacist --data data (its password is in data/demo-accounts.json).

                    Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no host answers.
                    docs/command-line.md has all commands, docs/settings.md the settings.
                    """),
            version: HostTasks.version,
            groupedSubcommands: [
                CommandGroup(
                    name: words(zh: "主机", en: "Host"),
                    subcommands: [
                        ServeCommand.self, DemoCommand.self, MigrateCommand.self, DoctorCommand.self,
                        SettingsCommand.self, AuditCommand.self, KeysCommand.self, BackupCommand.self,
                        RestoreCommand.self,
                    ]),
                CommandGroup(
                    name: words(zh: "登录与调用", en: "Client"),
                    subcommands: [
                        LoginCommand.self, LogoutCommand.self, WhoAmICommand.self, CallCommand.self, EnrolCommand.self,
                    ]),
                CommandGroup(
                    name: words(zh: "管理", en: "Administration"),
                    subcommands: [
                        SitesCommand.self, AccountsCommand.self, ModulesCommand.self, ImportCommand.self,
                        ExportCommand.self, FilesCommand.self, EventsCommand.self, JobsCommand.self,
                    ]),
                CommandGroup(
                    name: words(zh: "工具", en: "Tool"),
                    subcommands: [OpenRPCCommand.self, CompletionsCommand.self, BenchCommand.self]),
            ])
    }

    /// Runs one command and gives the exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try self.parsed(arguments)
            // Written out, because the root's own main() would take the synchronous overload and trap.
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else if let command = command as? any DatabaseCommand {
                try await command.runHeeding()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return self.report(error, arguments)
        }
    }

    static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        try self.parseAsRoot(arguments)
    }

    /// What the parser says, in the terminal's language.
    static func text(of error: any Error) -> String {
        let columns = Console.columns
        let text = self.fullMessage(for: error, columns: HelpText.parserColumns(columns))
        return HelpText.localized(text, columns: columns)
    }

    private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        // What was logged stands before what it came to.
        LogWriter.standard.flush(within: .seconds(2))
        if let failure = Failure(error) {
            Console.error(Colour.red("xinglin: ", Console.errorIsTerminal) + failure.line)
            return failure.exitCode
        }
        let isFailure = !self.exitCode(for: error).isSuccess
        if isFailure, let message = NearestName.unknownSubcommand(arguments, root: self) {
            Console.error(Colour.red("xinglin: ", Console.errorIsTerminal) + message)
            return ExitStatus.usage
        }
        let text = self.text(of: error)
        if isFailure {
            Console.error(text)
            return ExitStatus.usage
        }
        // The help that was asked for.
        return (try? Console.output(text)) == nil ? ExitStatus.refused : 0
    }
}

enum ExitStatus {
    static let refused: Int32 = 1
    static let usage: Int32 = 2
    static let noConnection: Int32 = 3
}
