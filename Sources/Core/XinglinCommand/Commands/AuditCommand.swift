internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct AuditCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "audit", abstract: words(zh: "检查审计记录。", en: "Examine the audit trail."),
            discussion: words(
                zh: "例：xinglin audit verify --data data", en: "Example: xinglin audit verify --data data"),
            subcommands: [AuditVerifyCommand.self])
    }
}

struct AuditVerifyCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: words(
                zh: "重新计算每条审计记录的摘要；有记录被改动则退出码为 1。",
                en: "Recompute every audit row's digest; exit code 1 where a row was altered."),
            discussion: words(zh: "例：xinglin audit verify --data data", en: "Example: xinglin audit verify --data data")
        )
    }

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let result = try HostTasks.verifyAudit(settings.host, log: settings.startLogging(standard: .warning))
        for line in Self.lines(rows: result.rows, altered: result.altered) { try Console.output(line) }
        if !result.altered.isEmpty { throw ExitCode(ExitStatus.refused) }
    }

    static func lines(rows: Int, altered: [Int64]) -> [String] {
        [
            words(
                zh: "已检查 \(rows) 条，其中 \(altered.count) 条被改动",
                en: "\(rows) rows checked, \(altered.count) altered")
        ] + altered.map { words(zh: "被改动：第 \($0) 条", en: "altered: row \($0)") }
    }
}
