internal import Glibc
internal import Logging
internal import XinglinKit
internal import XinglinPostgres

/// The threads that do the jobs' work, each with a connection of its own: a job that takes long does not keep the others
/// waiting.
final class JobService: Sendable {
    private let workers: [BackgroundWorker]

    /// How long until the next look for work at the most: what another host asks for is seen no later.
    private static let longestPause = Duration.seconds(5)

    init(conninfo: String, threads: Int, log: Logger) {
        self.workers = (0..<threads).map { BackgroundWorker(conninfo: conninfo, name: "jobs \($0 + 1)", log: log) }
    }

    func start(_ services: HostServices) throws {
        for worker in self.workers {
            try worker.start { connection in
                try Self.round(services, connection) { worker.isStopping }
            }
        }
    }

    /// There is something to do.
    func wake() {
        for worker in self.workers { worker.wake() }
    }

    func stop() {
        for worker in self.workers { worker.stop() }
    }

    /// Makes the runs that are due, and does everything that can be done. Gives how long to wait.
    static func round(
        _ services: HostServices, _ connection: Connection, until isStopping: @escaping @Sendable () -> Bool
    ) throws -> Duration {
        let scheduler = JobScheduler(services: services)
        connection.giveUpAt = .now + JobRunner.patience
        try scheduler.decide(connection)
        try JobRunner(services: services, isStopping: isStopping).work(connection)
        let now = services.clock.now
        let next = scheduler.next(after: now).map { Duration.microseconds($0.microseconds - now.microseconds) }
        // A moment more, so that the time has come on this clock.
        return min(Self.longestPause, (next ?? Self.longestPause) + .milliseconds(20))
    }

    /// This process, as the history names it.
    static func hostName(startedAt: Timestamp) -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // In containers every host may have one process id.
        return "\(text)/\(getpid())/\(String(startedAt.microseconds / 1000, radix: 36))"
    }
}
