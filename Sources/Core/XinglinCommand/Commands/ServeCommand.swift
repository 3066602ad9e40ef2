internal import ArgumentParser
internal import Glibc
internal import Logging
internal import UnixSignals
internal import XinglinHost

struct ServeCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract: words(zh: "运行主机，直到 SIGTERM 或 Ctrl-C。", en: "Run the host until SIGTERM or Ctrl-C."),
            discussion: words(
                zh: """
                    例：xinglin serve --data data --demo

                    可以服务时在标准输出打印 `ready HOST:PORT`；SIGHUP 使更新后的证书生效。
                    首次启动生成密钥、证书，以及 data/first-password（账号 admin 的密码）。
                    """,
                en: """
                    Example: xinglin serve --data data --demo

                    It prints `ready HOST:PORT` on stdout when it serves; SIGHUP takes renewed certificates into use.
                    The first start makes keys, certificates and data/first-password (of the account admin).
                    """))
    }

    @OptionGroup var options: SettingsOptions

    @Option(help: .both(zh: "监听的地址和端口。", en: "The address and port to listen on.", value: "host:port"))
    var listen: String?

    @Flag(help: .both(zh: "在空数据库中载入演示县。", en: "Load the demonstration county into an empty database."))
    var demo = false

    func run() async throws {
        let settings = try self.options.load(listen: self.listen, demo: self.demo)
        let log = settings.startLogging(standard: .info)
        try await HostProcess(settings: settings.host, log: log).run()
    }
}

/// The host as a process: what it prints, and which signals it obeys.
struct HostProcess: Sendable {
    let settings: HostSettings
    let log: Logger

    /// Serves until SIGTERM or SIGINT, then answers what is in flight.
    func run() async throws {
        // Trapped before the start, so that no signal is lost in between.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let host = try HostRuntime(self.settings, log: self.log)
        let (stop, stopper) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup { group in
            group.addTask { await self.obey(signals, host, stopper) }
            let progress = DemonstrationDisplay()
            try await host.start { progress.show($0) }
            progress.finish()
            try Console.output("ready \(self.address(host.boundPort))")
            for await _ in stop { break }
            await host.drain()
            self.log.info("stopped")
            group.cancelAll()
        }
    }

    private func obey(
        _ signals: UnixSignalsSequence, _ host: HostRuntime, _ stopper: AsyncStream<Void>.Continuation
    ) async {
        var isStopping = false
        for await signal in signals {
            switch signal {
            case .sighup: self.reload(host)
            case _ where isStopping:
                self.log.critical("a second signal: stopping at once")
                LogWriter.standard.flush(within: .milliseconds(200))
                _exit(ExitStatus.refused)
            default:
                isStopping = true
                self.log.info("draining", metadata: ["signal": "\(signal)"])
                stopper.yield()
            }
        }
    }

    private func reload(_ host: HostRuntime) {
        do {
            try host.reloadCertificates()
            self.log.info("certificates reloaded")
        } catch {
            // The old ones go on serving.
            self.log.error(
                "certificates not reloaded", metadata: ["reason": .string(Failure(error)?.line ?? "\(error)")])
        }
    }

    private func address(_ port: Int) -> String {
        let host = self.settings.listen.host
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
