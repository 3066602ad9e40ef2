internal import ArgumentParser
internal import Logging
internal import XinglinHost

struct MigrateCommand: DatabaseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "migrate",
            abstract: words(
                zh: "更新数据库结构，并列出所做的更新。", en: "Bring the database's schema up to date and say what was applied."),
            discussion: words(
                zh: """
                    例：xinglin migrate --config xinglin.yaml

                    使用自备的 PostgreSQL 时，每次升级后以 database.migrateUrl 的登录运行一次。
                    """,
                en: """
                    Example: xinglin migrate --config xinglin.yaml

                    With a PostgreSQL of your own, run it after each update, with the login of database.migrateUrl.
                    """))
    }

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try self.options.load()
        let applied = try HostTasks.migrate(settings.host, log: settings.startLogging(standard: .warning))
        for line in applied { try Console.output(line) }
        if applied.isEmpty { try Console.output(words(zh: "没有需要更新的", en: "nothing to apply")) }
    }
}
