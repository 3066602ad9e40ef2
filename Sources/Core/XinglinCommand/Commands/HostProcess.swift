internal import Glibc
internal import Logging
internal import UnixSignals
internal import XinglinHost
internal import XinglinOperations

/// The host as a process: what it prints, and which signals it obeys.
struct HostProcess: Sendable {
    let settings: HostSettings
    let log: Logger

    /// Serves until SIGTERM or SIGINT, then answers what is in flight.
    func run() async throws {
        // Trapped before the start, so that no signal is lost in between.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let host = try HostRuntime(self.settings, log: self.log)
        let beside = OperationsServices(self.settings.operations, host, log: self.log)
        let (stop, stopper) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup { group in
            group.addTask { await self.obey(signals, host, beside, stopper) }
            group.addTask { try await beside.run() }
            do {
                try await self.serve(host, beside, until: stop)
            } catch {
                await beside.stop()
                throw error
            }
            await beside.stop()
            self.log.info("stopped")
            group.cancelAll()
        }
    }

    private func serve(
        _ host: HostRuntime, _ beside: OperationsServices, until stop: AsyncStream<Void>
    ) async throws {
        // First, so that whoever watches sees the start, and a port that is taken is said before anything is begun.
        let address = try await beside.address
        let progress = DemonstrationDisplay()
        try await host.start { progress.show($0) }
        progress.finish()
        let note = OperationsNote(dataDirectory: self.settings.dataDirectory)
        try note.write(address)
        try Console.output("ready \(OperationsAddress.text(self.settings.listen.host, host.boundPort))")
        beside.manager?.tell("READY=1")
        for await _ in stop { break }
        beside.manager?.tell("STOPPING=1")
        await host.drain()
        note.remove()
    }

    private func obey(
        _ signals: UnixSignalsSequence, _ host: HostRuntime, _ beside: OperationsServices,
        _ stopper: AsyncStream<Void>.Continuation
    ) async {
        var isStopping = false
        for await signal in signals {
            switch signal {
            case .sighup:
                beside.manager?.tell("RELOADING=1")
                self.reload(host)
                beside.manager?.tell("READY=1")
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
}
