import Synchronization

/// Gives each thread that asks another number.
final class Turns: Sendable {
    private let count = Atomic<Int>(0)

    func next() -> Int { self.count.wrappingAdd(1, ordering: .relaxed).oldValue }
}
