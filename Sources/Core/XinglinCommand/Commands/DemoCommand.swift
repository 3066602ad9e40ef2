internal import ArgumentParser
internal import Logging
internal import Synchronization
internal import XinglinHost
internal import XinglinKit

struct DemoCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "demo", abstract: words(zh: "演示县。", en: "The demonstration county."),
            discussion: words(zh: "例：xinglin demo load --data data", en: "Example: xinglin demo load --data data"),
            subcommands: [DemoLoadCommand.self])
    }
}

struct DemoLoadCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "load",
            abstract: words(
                zh: "在空数据库中载入演示县，然后停止。",
                en: "Load the demonstration county into an empty database, and stop."),
            discussion: words(
                zh: """
                    例：xinglin demo load --data data

                    24 家机构、600 名职工、一个乡镇的 20000 名居民（设置 demo.residents）、398 种在库饮片，均为虚构。
                    xinglin serve --demo 也会载入它。中断后再次运行即可继续。
                    """,
                en: """
                    Example: xinglin demo load --data data

                    24 institutions, 600 staff, the 20,000 residents of one township (setting demo.residents) and 398 kinds
                    of pieces in stock, all invented. xinglin serve --demo loads it too. Interrupted, run it again.
                    """))
    }

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try self.options.load(demo: true)
        let host = try HostRuntime(settings.host, log: settings.startLogging(standard: .warning))
        let progress = DemonstrationDisplay()
        try await host.loadAndStop { progress.show($0) }
        progress.finish()
        try Console.output(
            words(
                zh: "演示县已载入；账号和密码在 \(settings.host.dataDirectory)/demo-accounts.json",
                en: "the demonstration county is loaded; accounts and passwords are in "
                    + "\(settings.host.dataDirectory)/demo-accounts.json"))
    }
}

/// The progress of loading the demonstration county, a bar for each part.
final class DemonstrationDisplay: Sendable {
    private struct State: ~Copyable {
        var bar: ProgressBar?
        var part: LocalizedText?
        var done = 0
    }
    private let state = Mutex(State())
    private let locale = Language.current

    func show(_ progress: DemonstrationProgress) {
        self.state.withLock { state in
            if state.part != progress.part {
                Self.end(&state)
                state.bar = ProgressBar(progress.part[self.locale], total: progress.total, locale: self.locale)
                state.part = progress.part
            }
            state.done = progress.done
            state.bar?.update(progress.done)
        }
    }

    func finish() {
        self.state.withLock { Self.end(&$0) }
    }

    private static func end(_ state: inout State) {
        state.bar?.finish(state.done)
        state.bar = nil
        state.part = nil
    }
}
