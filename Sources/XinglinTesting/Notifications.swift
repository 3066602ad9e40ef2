internal import Foundation
internal import Synchronization
public import XinglinKit
public import XinglinRPC

/// What was pushed to a test's client, in order.
public final class Notifications: PushPath {
    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        var taken = 0
    }
    private let state = Mutex(State())

    public init() {}

    public func push(_ line: [UInt8]) {
        self.state.withLock { state in
            state.lines.append(line)
            state.bytes += line.count
        }
    }

    /// What has not been taken yet: a client that takes nothing reads too slowly.
    public var unsentBytes: Int { self.state.withLock { $0.bytes } }

    /// Takes the next notification, which must be of that method, waiting for it.
    /// - Throws: `NothingCame`.
    public func next(_ method: String = "events.notify", seconds: Double = 120) async throws -> JSONValue {
        let (found, params) = try await self.nextOfAny(seconds: seconds)
        guard found == method else {
            throw NothingCame(description: "\(found) came where \(method) was awaited: \(params.canonicalText)")
        }
        return params
    }

    /// Takes the next notification, waiting for it.
    /// - Throws: `NothingCame`, or where a line is no notification.
    public func nextOfAny(seconds: Double = 120) async throws -> (method: String, params: JSONValue) {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            let line: [UInt8]? = self.state.withLock { state in
                guard state.taken < state.lines.count else { return nil }
                let line = state.lines[state.taken]
                state.taken += 1
                state.bytes -= line.count
                return line
            }
            guard let line else {
                try await Task.sleep(for: .milliseconds(5))
                continue
            }
            let notification = try JSONReader.parse(line)
            guard let method = notification["method"]?.stringValue, let params = notification["params"] else {
                throw NothingCame(description: "\(notification.canonicalText) is no notification")
            }
            return (method, params)
        }
        throw NothingCame(description: "nothing came in time")
    }

    /// How many lines have come and were not taken.
    public var waiting: Int { self.state.withLock { $0.lines.count - $0.taken } }
}

/// A notification that did not come.
public struct NothingCame: Error, CustomStringConvertible {
    public let description: String
}
