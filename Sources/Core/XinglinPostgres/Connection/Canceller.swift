internal import CLibPQ
internal import Synchronization

/// Cancels what a connection is running, from another thread. It dies with its connection.
public final class Canceller: Sendable {
    // SAFETY: the pointer is touched only while the mutex is held; libpq allows PQcancel from any thread.
    private struct Slot: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    private let slot: Mutex<Slot>

    init(_ connection: OpaquePointer) {
        self.slot = Mutex(Slot(pointer: PQgetCancel(connection)))
    }

    /// Asks the server to cancel the running statement and waits until it has taken the request. Blocks; not for the
    /// connection's own thread. Gives false where the request could not be sent.
    @discardableResult
    public func cancel() -> Bool {
        self.cancel { true }
    }

    /// The same, where the condition still holds once no other cancel is under way.
    @discardableResult
    func cancel(onlyIf condition: () -> Bool) -> Bool {
        self.slot.withLock { slot in
            guard let pointer = slot.pointer, condition() else { return false }
            var reason = [CChar](repeating: 0, count: 256)
            return PQcancel(pointer, &reason, Int32(reason.count)) == 1
        }
    }

    /// Waits until no cancel is under way, so that none hits what is sent next.
    func settle() {
        self.slot.withLock { _ in }
    }

    /// Frees the request; later cancels do nothing.
    func close() {
        self.slot.withLock { slot in
            if let pointer = slot.pointer { PQfreeCancel(pointer) }
            slot.pointer = nil
        }
    }
}
