internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct ModulesListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: words(zh: "列出本机可加载的模块。", en: "List the modules that this machine would load."),
            discussion: words(
                zh: "例：xinglin modules --methods。被隔离的模块附有原因。不需要数据库。",
                en:
                    "Example: xinglin modules --methods. A quarantined module stands with its reason. It needs no database."
            ))
    }

    @OptionGroup var options: SettingsOptions

    @Flag(help: .both(zh: "同时列出每个模块的方法。", en: "List every module's methods too."))
    var methods = false

    func run() throws {
        let settings = try self.options.load()
        let reports = try HostTasks.modules(settings.host, log: settings.startLogging(standard: .warning))
        for line in Self.table(reports, methods: self.methods).lines(coloured: Console.outputIsTerminal) {
            try Console.output(line)
        }
    }

    static func table(_ reports: [ModuleReport], methods: Bool) -> Table {
        let rows = reports.map { report in
            let isRunning = report.state == "running"
            return Table.Row(
                cells: [
                    report.code, report.version,
                    isRunning ? words(zh: "运行", en: "running") : words(zh: "已隔离", en: "quarantined"),
                    String(report.methods.count),
                ],
                below: [report.reason].compactMap(\.self) + (methods ? report.methods : []),
                colour: isRunning ? nil : .red)
        }
        return Table(
            heading: [
                words(zh: "模块", en: "MODULE"), words(zh: "版本", en: "VERSION"), words(zh: "状态", en: "STATE"),
                words(zh: "方法", en: "METHODS"),
            ], rows: rows)
    }
}
