internal import Synchronization

/// Counters side by side in memory, each of them atomic: counting takes neither a lock nor an allocation.
final class CounterBlock: @unchecked Sendable {
    // SAFETY: the memory is made in `init`, lives as long as this and does not move; it is touched through atomics alone.
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int

    init(_ count: Int) {
        self.count = count
        self.cells = .allocate(capacity: count)
        for place in 0..<count { (self.cells + place).initialize(to: Atomic(0)) }
    }

    deinit {
        self.cells.deinitialize(count: self.count)
        self.cells.deallocate()
    }

    func add(_ amount: UInt64 = 1, at place: Int) {
        self.cells[place].wrappingAdd(amount, ordering: .relaxed)
    }

    func value(at place: Int) -> UInt64 {
        self.cells[place].load(ordering: .relaxed)
    }
}
