internal import XinglinKit
internal import XinglinPostgres

/// Writes log lines on a thread of its own: whoever reads the log slowly, or not at all, holds up no call. The queue is bounded;
/// lines that find it full are counted, and the count is written in their place.
final class LogWriter: Sendable {
    struct Limits: Sendable {
        var lines = 20_000
        var bytes = 8_388_608
    }

    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        var dropped = 0
        var isWriting = false
        var isClosed = false
        /// Somebody waits for the lines.
        var isHurried = false
    }

    private enum Signal: Int, CaseIterable {
        case lines
        case written
    }

    /// The writer of the process.
    static let standard = LogWriter(descriptor: 2)

    private let descriptor: Int32
    private let limits: Limits
    private let monitor = Monitor<State, Signal>(State())

    /// Starts the thread, which ends with `close`.
    init(descriptor: Int32, limits: Limits = Limits()) {
        self.descriptor = descriptor
        self.limits = limits
        do {
            _ = try OSThread(name: "log") { self.run() }
        } catch {
            // Without a thread nothing would be written: better no log than a host that waits for one.
            self.monitor.withLock { $0.isClosed = true }
        }
    }

    /// Adds a line, without its break; never waits.
    func write(_ line: [UInt8]) {
        let isFirst = self.monitor.withLock { state in
            guard !state.isClosed else { return false }
            guard state.lines.count < self.limits.lines, state.bytes + line.count <= self.limits.bytes,
                state.dropped == 0
            else {
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            state.bytes += line.count
            return state.lines.count == 1
        }
        if isFirst { self.monitor.signal(.lines) }
    }

    /// Waits until all lines are out.
    /// - Returns: false where the time was over first.
    @discardableResult
    func flush(within limit: Duration) -> Bool {
        self.monitor.withLock { $0.isHurried = true }
        self.monitor.signal(.lines)
        defer { self.monitor.withLock { $0.isHurried = false } }
        return self.monitor.wait(for: .written, atMost: limit) { state in
            state.isClosed || (state.lines.isEmpty && state.dropped == 0 && !state.isWriting) ? true : nil
        } ?? false
    }

    /// Takes no more lines; those that are here are still written.
    func close() {
        self.monitor.withLock { $0.isClosed = true }
        self.monitor.signal(.lines)
    }

    /// How long lines are collected, so that a busy host does not write each by itself.
    private static let pause = Duration.milliseconds(5)

    private func run() {
        // Lines that could not be written, as on a full disk: their count follows once there is room again.
        var lost = 0
        while let (lines, overflow) = self.take() {
            let dropped = overflow + lost
            // What was written of them may have ended within a line.
            var bytes: [UInt8] = lost > 0 ? [0x0A] : []
            for line in lines {
                bytes += line
                bytes.append(0x0A)
            }
            if dropped > 0 { bytes += StderrLog.dropped(dropped, at: HostClock.system.now) + [0x0A] }
            do {
                try Files.writeAll(bytes, to: self.descriptor, name: "log")
                lost = 0
            } catch {
                // There is no other place to say so, and a host that cannot log goes on.
                lost = dropped + lines.count
            }
            self.monitor.withLock { $0.isWriting = false }
            self.monitor.broadcast(.written)
            _ = self.monitor.wait(for: .lines, atMost: Self.pause) { $0.isClosed || $0.isHurried ? true : nil }
        }
    }

    /// Everything that waits, or nil at the end.
    private func take() -> (lines: [[UInt8]], dropped: Int)? {
        self.monitor.wait(for: .lines, atMost: nil) { state -> (lines: [[UInt8]], dropped: Int)?? in
            if state.lines.isEmpty, state.dropped == 0 { return state.isClosed ? .some(nil) : nil }
            defer { state = State(isWriting: true, isClosed: state.isClosed, isHurried: state.isHurried) }
            return (state.lines, state.dropped)
        } ?? nil
    }
}
