internal import ArgumentParser
internal import Glibc
internal import UnixSignals
internal import XinglinHost
internal import XinglinKit
internal import XinglinPostgres

/// A command that works on the database itself. Told to end (Ctrl-C, SIGTERM, SIGHUP), it takes back what it made, stops the
/// database that it started, and fails; a second signal ends it at once.
protocol DatabaseCommand: ParsableCommand {
    /// What came of the work that was broken off.
    var interrupted: LocalizedText { get }
    /// Whether it does so with these arguments; where it asks for a passphrase, a Ctrl-C ends it as usual.
    var heedsSignals: Bool { get }
}

extension DatabaseCommand {
    var interrupted: LocalizedText { .init(zh: "没有完成", en: "it is not finished") }
    var heedsSignals: Bool { true }

    /// Runs the command, obeying signals meanwhile.
    func runHeeding() async throws {
        guard self.heedsSignals else {
            var command = self
            return try command.run()
        }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        try await withThrowingTaskGroup { group in
            group.addTask { try await obey(signals) }
            defer { group.cancelAll() }
            var command = self
            do {
                try command.run()
            } catch  where Interruption.isRequested {
                let outcome = self.interrupted
                // What says more of the outcome is said.
                let line = (error as? StartFailure).flatMap { Failure($0)?.line } ?? outcome.here
                throw Failure(words(zh: "已中断：\(line)", en: "interrupted: \(line)"))
            }
        }
    }
}

private func obey(_ signals: UnixSignalsSequence) async throws {
    for await _ in signals {
        if Interruption.isRequested { _exit(ExitStatus.refused) }
        try Interruption.request()
    }
}
