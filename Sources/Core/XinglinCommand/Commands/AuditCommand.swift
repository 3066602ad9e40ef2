internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Examine the audit trail.", subcommands: [AuditVerifyCommand.self])
}

struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute every audit row's digest; exit code 1 where a row was altered.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let result = try HostTasks.verifyAudit(settings.host, log: settings.startLogging(standard: .warning))
        for line in Self.lines(rows: result.rows, altered: result.altered) { try Console.output(line) }
        if !result.altered.isEmpty { throw ExitCode(ExitStatus.refused) }
    }

    static func lines(rows: Int, altered: [Int64]) -> [String] {
        ["\(rows) rows checked, \(altered.count) altered"] + altered.map { "altered: row \($0)" }
    }
}
