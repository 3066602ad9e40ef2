internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database's schema up to date and say what was applied.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let applied = try HostTasks.migrate(settings.host, log: settings.startLogging(standard: .warning))
        for line in applied { try Console.output(line) }
        if applied.isEmpty { try Console.output("nothing to apply") }
    }
}
