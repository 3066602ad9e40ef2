internal import Histogram
internal import Synchronization
internal import XinglinKit
internal import XinglinRPC

/// What a load found: latencies, refusals, and the processor time of all who took part.
final class LoadMeter: LoadRecorder {
    struct Reading {
        var latencies = Histogram<UInt64>(
            lowestDiscernibleValue: 1_000, highestTrackableValue: 600_000_000_000,
            numberOfSignificantValueDigits: .three)
        var faults: [String: Int] = [:]
        var seconds = 0.0
        var clientSeconds = 0.0
        /// By process.
        var watchedSeconds: [Int32: Double] = [:]

        var calls: Int { Int(self.latencies.totalCount) }
    }

    private struct State {
        var reading = Reading()
        var isOn = false
        var startedAt = ContinuousClock.now
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let watched: [Int32]

    /// - Parameter watched: the processes whose processor time is taken besides.
    init(watched: [Int32]) {
        self.watched = watched
    }

    /// What was found.
    /// - Throws: where a watched process could not be read.
    func reading() throws -> Reading {
        try self.state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.reading
        }
    }

    func began() {
        self.mark(1) { state in
            state.startedAt = .now
            state.isOn = true
        }
    }

    func ended() {
        self.mark(-1) { state in
            let length = (ContinuousClock.now - state.startedAt).components
            state.reading.seconds = Double(length.seconds) + Double(length.attoseconds) / 1e18
            state.isOn = false
        }
    }

    func answered(after nanoseconds: UInt64) {
        self.state.withLock { if $0.isOn { $0.reading.latencies.record(nanoseconds) } }
    }

    func refused(_ reason: String, after nanoseconds: UInt64) {
        self.state.withLock { if $0.isOn { $0.reading.faults[reason, default: 0] += 1 } }
    }

    func lost(_ reason: String) {
        self.state.withLock { $0.reading.faults[reason, default: 0] += 1 }
    }

    /// Times are taken from zero: subtracted at the begin, added at the end.
    private func mark(_ sign: Double, _ change: (inout State) -> Void) {
        self.state.withLock { state in
            change(&state)
            state.reading.clientSeconds -= sign * ProcessorTime.own()
            do {
                for process in self.watched {
                    state.reading.watchedSeconds[process, default: 0] -= sign * (try ProcessorTime.seconds(of: process))
                }
            } catch {
                state.failure = error
            }
        }
    }
}

extension LoadMeter.Reading {
    /// Microseconds below which so many percent of the calls stayed.
    func microseconds(_ percent: Double) -> Double {
        Double(self.latencies.valueAtPercentile(percent)) / 1000
    }

    var perSecond: Double { self.seconds > 0 ? Double(self.calls) / self.seconds : 0 }

    /// For programs: one line of JSON.
    func json(_ what: String, connections: Int, depth: Int) -> JSONValue {
        [
            "work": .string(what), "connections": .integer(Int64(connections)), "depth": .integer(Int64(depth)),
            "seconds": .decimal(self.seconds), "calls": .integer(Int64(self.calls)),
            "perSecond": .decimal(self.perSecond),
            "latencyMicroseconds": [
                "p50": .decimal(self.microseconds(50)), "p99": .decimal(self.microseconds(99)),
                "p999": .decimal(self.microseconds(99.9)), "max": .decimal(Double(self.latencies.max) / 1000),
            ],
            "faults": .object(self.faults.mapValues { .integer(Int64($0)) }),
            "clientSeconds": .decimal(self.clientSeconds),
            "watchedSeconds": .object(
                Dictionary(self.watchedSeconds.map { (String($0.key), .decimal($0.value)) }) { $1 }),
        ]
    }

    /// For people.
    func lines(_ what: String) -> [String] {
        var lines = [
            "\(what): \(Int(self.perSecond.rounded()))/s, \(self.calls) calls in \(self.seconds.shown) s",
            "latency in µs: p50 \(self.microseconds(50).shown), p99 \(self.microseconds(99).shown), "
                + "p99.9 \(self.microseconds(99.9).shown), max \((Double(self.latencies.max) / 1000).shown)",
            "processor time per call in µs: client \(self.perCall(self.clientSeconds).shown)"
                + self.watchedSeconds.sorted { $0.key < $1.key }
                .map { ", process \($0.key) \(self.perCall($0.value).shown)" }.joined(),
        ]
        lines += self.faults.sorted { $0.key < $1.key }.map { "not done: \($0.value) × \($0.key)" }
        return lines
    }

    private func perCall(_ seconds: Double) -> Double {
        self.calls > 0 ? seconds / Double(self.calls) * 1_000_000 : 0
    }
}

extension JSONValue {
    /// A number to a thousandth.
    fileprivate static func decimal(_ value: Double) -> JSONValue { .number(value.shown) }
}

extension Double {
    /// To a thousandth.
    fileprivate var shown: String { "\((self * 1000).rounded() / 1000)" }
}
