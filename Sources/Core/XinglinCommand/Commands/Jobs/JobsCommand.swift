internal import ArgumentParser

struct JobsCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "jobs",
            abstract: words(zh: "查看定时任务及其运行记录；立即运行任务。", en: "Show scheduled jobs and their history; run one now."),
            discussion: words(
                zh: "例：xinglin jobs；xinglin jobs run decoction.expiryWatch --site township-01",
                en: "Examples: xinglin jobs; xinglin jobs run decoction.expiryWatch --site township-01"),
            subcommands: [JobsListCommand.self, JobsRunCommand.self, JobsHistoryCommand.self],
            defaultSubcommand: JobsListCommand.self)
    }
}
