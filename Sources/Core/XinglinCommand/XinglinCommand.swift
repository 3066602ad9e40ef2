internal import ArgumentParser
internal import Glibc

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
    static let configuration = CommandConfiguration(
        commandName: "xinglin",
        abstract: "Xinglin: the host of a county medical community.",
        discussion: "docs/settings.md lists the settings; docs/protocol.md says how to call it from other programs.",
        subcommands: [
            ServeCommand.self, MigrateCommand.self, CallCommand.self, OpenRPCCommand.self, ModulesCommand.self,
            DoctorCommand.self, AuditCommand.self,
        ])

    /// Runs one command and gives the exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try self.parseAsRoot(arguments)
            // Written out, because the root's own main() would take the synchronous overload and trap.
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return self.report(error)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        // What was logged stands before what it came to.
        LogWriter.standard.flush(within: .seconds(2))
        if let failure = Failure(error) {
            Console.error(Colour.red("xinglin: ", Console.errorIsTerminal) + failure.line)
            return failure.exitCode
        }
        let text = self.fullMessage(for: error)
        guard self.exitCode(for: error).isSuccess else {
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
