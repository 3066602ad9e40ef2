internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct ModulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modules", abstract: "List the modules that this machine would load.",
        discussion: "A quarantined module stands with its reason. It needs no database.")

    @OptionGroup var options: SettingsOptions

    @Flag(help: "List every module's methods too.")
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
            Table.Row(
                cells: [report.code, report.version, report.state, String(report.methods.count)],
                below: [report.reason].compactMap(\.self) + (methods ? report.methods : []),
                colour: report.state == "running" ? nil : .red)
        }
        return Table(heading: ["MODULE", "VERSION", "STATE", "METHODS"], rows: rows)
    }
}
