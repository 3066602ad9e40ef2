internal import Foundation
internal import Synchronization
internal import XinglinHost
public import XinglinKit

/// Races clients on threads of their own: Swift's pool has as many threads as the machine has cores, which would be no race.
public enum Racing {
    /// Runs the body on that many threads at once and gives every outcome.
    public static func run<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable () throws -> Value
    ) -> [Result<Value, any Error>] {
        let outcomes = Outcomes<Value>()
        let start = NSCondition()
        let isOpen = Mutex(false)
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            let thread = Thread {
                start.lock()
                while !isOpen.withLock({ $0 }) { start.wait() }
                start.unlock()
                outcomes.add(Result { try body() })
                group.leave()
            }
            thread.start()
        }
        start.lock()
        isOpen.withLock { $0 = true }
        start.broadcast()
        start.unlock()
        group.wait()
        return outcomes.all
    }

    /// The same, without holding up the caller's thread.
    public static func aside<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable () throws -> Value
    ) async -> [Result<Value, any Error>] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Self.run(count, body)) }
        }
    }

    /// Calls from that many threads at once, each with its number, until none is told to try again.
    /// - Returns: how many ended in which way: done, or the reason of the refusal.
    public static func outcomes(
        _ count: Int, _ call: @escaping @Sendable (Int) throws -> JSONValue
    ) async throws -> [String: Int] {
        let last = Mutex(-1)
        let outcomes = await Self.aside(count) {
            let number = last.withLock { last in
                last += 1
                return last
            }
            do {
                _ = try Self.retrying(200) { try call(number) }
                return "done"
            } catch let refused as CallRefused {
                return refused.reason
            }
        }
        return Dictionary(try outcomes.map { (try $0.get(), 1) }, uniquingKeysWith: +)
    }

    /// Calls again while the refusal says that it may: what a client is told to do.
    public static func retrying<Value>(_ attempts: Int = 50, _ body: () throws -> Value) throws -> Value {
        for _ in 1..<attempts {
            do {
                return try body()
            } catch let refused as CallRefused where refused.retryable {
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        return try body()
    }
}

private final class Outcomes<Value: Sendable>: Sendable {
    private let outcomes = Mutex<[Result<Value, any Error>]>([])

    func add(_ outcome: Result<Value, any Error>) {
        self.outcomes.withLock { $0.append(outcome) }
    }

    var all: [Result<Value, any Error>] { self.outcomes.withLock { $0 } }
}
