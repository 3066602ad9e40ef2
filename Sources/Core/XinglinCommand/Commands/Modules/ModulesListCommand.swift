internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct ModulesListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: words(zh: "列出本机可加载的模块。", en: "List the modules that this machine would load."),
            discussion: words(
                zh: """
                    例：xinglin modules --methods。被隔离的模块附有原因。不需要数据库，也不询问正在运行的主机：
                    主机的启动环境可能不同，它自己的情况用 xinglin call modules.list 查看。
                    """,
                en: """
                    Example: xinglin modules --methods. A quarantined module stands with its reason. It needs no database and
                    asks no running host, which may have been started with other settings: xinglin call modules.list does.
                    """))
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
            let isLoadable = report.state == "running"
            return Table.Row(
                cells: [
                    report.code, report.version,
                    isLoadable ? words(zh: "可加载", en: "loads") : words(zh: "已隔离", en: "quarantined"),
                    String(report.methods.count),
                ],
                below: [report.reason].compactMap(\.self) + (methods ? report.methods : []),
                colour: isLoadable ? nil : .red)
        }
        return Table(
            heading: [
                words(zh: "模块", en: "MODULE"), words(zh: "版本", en: "VERSION"), words(zh: "状态", en: "STATE"),
                words(zh: "方法", en: "METHODS"),
            ], rows: rows)
    }
}
