internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// Finds out, every second and on a thread of its own, whether the process still turns: the event loop takes work, the pool can
/// be asked, and calls that wait are taken up.
final class HostPulse: Sendable {
    /// What is looked at. Each is nil while it does not run.
    struct Organs: Sendable {
        var pool: WorkerPool?
        /// Has the event loop call back; false where it does not run.
        var turn: (@Sendable (@escaping @Sendable () -> Void) -> Bool)?
    }

    private struct State {
        var organs = Organs()
        var lastRound: ContinuousClock.Instant?
        /// When the event loop was asked and has not answered yet.
        var askedAt: ContinuousClock.Instant?
        /// How many calls had been taken up, and since when it is as many while some wait.
        var served: UInt64 = 0
        var standsSince: ContinuousClock.Instant?
        var isStopping = false
        var thread: OSThread?
    }
    private enum Condition: Int, CaseIterable {
        case stopping
    }

    private let pause: Duration
    private let patience: Duration
    private let longestStandstill: Duration
    private let monitor = Monitor<State, Condition>(State())

    /// - Parameters:
    ///   - patience: how long the event loop, or the thread that looks, may take. Generous: a machine that is busy is not dead.
    ///   - longestStandstill: how long no call may be taken up while some wait; calls may take a minute each.
    init(
        pause: Duration = .seconds(1), patience: Duration = .seconds(20), longestStandstill: Duration = .seconds(90)
    ) {
        self.pause = pause
        self.patience = patience
        self.longestStandstill = longestStandstill
    }

    /// - Throws: where the system gives no thread.
    func start() throws {
        let thread = try OSThread(name: "pulse") { self.run() }
        self.monitor.withLock {
            $0.thread = thread
            $0.lastRound = .now
        }
    }

    func stop() {
        let thread = self.monitor.withLock { state in
            state.isStopping = true
            defer { state.thread = nil }
            return state.thread
        }
        self.monitor.broadcast(.stopping)
        thread?.join()
    }

    /// Says what to look at from now on.
    func watch(_ organs: Organs) {
        self.monitor.withLock { state in
            state.organs = organs
            state.askedAt = nil
            state.standsSince = nil
        }
    }

    /// What does not turn: `pulse`, `eventLoop`, `workers`. Empty where all is well.
    var faults: [String] {
        let now = ContinuousClock.now
        return self.monitor.withLock { state in
            func isOver(_ since: ContinuousClock.Instant?, _ limit: Duration) -> Bool {
                since.map { now - $0 > limit } ?? false
            }
            var faults: [String] = []
            if isOver(state.lastRound, self.patience) { faults.append("pulse") }
            if isOver(state.askedAt, self.patience) { faults.append("eventLoop") }
            if isOver(state.standsSince, self.longestStandstill) { faults.append("workers") }
            return faults
        }
    }

    private func run() {
        while true {
            let organs = self.monitor.withLock { $0.organs }
            self.ask(organs)
            // Takes the pool's own lock: a pool that cannot be asked stops the rounds.
            let status = organs.pool?.status
            self.monitor.withLock { state in
                state.lastRound = .now
                guard let status, status.queued > 0, status.general.down == 0, status.served == state.served else {
                    state.served = status?.served ?? 0
                    state.standsSince = nil
                    return
                }
                state.standsSince = state.standsSince ?? .now
            }
            let isOver = self.monitor.wait(for: .stopping, atMost: self.pause) { $0.isStopping ? true : nil } ?? false
            if isOver { return }
        }
    }

    private func ask(_ organs: Organs) {
        guard let turn = organs.turn else { return }
        let mayAsk = self.monitor.withLock { state in
            guard state.askedAt == nil else { return false }
            state.askedAt = .now
            return true
        }
        guard mayAsk else { return }
        let isRunning = turn { self.monitor.withLock { $0.askedAt = nil } }
        if !isRunning { self.monitor.withLock { $0.askedAt = nil } }
    }
}
