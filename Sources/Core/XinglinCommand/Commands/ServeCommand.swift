internal import ArgumentParser
internal import Glibc
internal import Logging
internal import UnixSignals
internal import XinglinHost

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the host until SIGTERM or Ctrl-C.",
        discussion: "Prints `ready HOST:PORT` on stdout when it serves; SIGHUP takes renewed certificates into use.")

    @OptionGroup var options: SettingsOptions

    @Option(help: ArgumentHelp("The address and port to listen on.", valueName: "host:port"))
    var listen: String?

    @Flag(help: "Load the demonstration county into an empty database.")
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
            try await host.start()
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
