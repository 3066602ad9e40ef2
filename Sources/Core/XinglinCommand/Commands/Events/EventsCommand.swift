internal import ArgumentParser

struct EventsCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "events",
            abstract: words(zh: "查看和重试未能处理的事件。", en: "See and retry events that could not be handled."),
            discussion: words(
                zh: "例：xinglin events parked；xinglin events retry example.day.count",
                en: "Examples: xinglin events parked; xinglin events retry example.day.count"),
            subcommands: [EventsParkedCommand.self, EventsRetryCommand.self])
    }
}
