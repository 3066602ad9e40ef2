package import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

/// An operating-system thread: what blocks on PostgreSQL must never hold a thread of Swift's own pool.
package final class OSThread: @unchecked Sendable {
    // SAFETY: `handle` is written once by `init`, before the value is shared, and joined by one owner.
    private let handle: pthread_t

    /// Starts it. The name shows in `top -H`; Linux keeps 15 characters.
    /// - Throws: where the system gives no thread.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(DatabaseError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 4 << 20)
        var handle = pthread_t()
        let context = Unmanaged.passRetained(ThreadBody(name: String(name.prefix(15)), run: body)).toOpaque()
        let code = pthread_create(&handle, &attributes, runThread, context)
        guard code == 0 else {
            Unmanaged<ThreadBody>.fromOpaque(context).release()
            throw DatabaseError(kind: .other, message: "no thread to be had (errno \(code))")
        }
        self.handle = handle
    }

    /// Waits for its end; once.
    package func join() {
        pthread_join(self.handle, nil)
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    package init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

/// At the top level, for a closure would take over the isolation of where it is written.
@Sendable
private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let body = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
    GNUFunctions.nameThread(body.name)
    // Signals are for the threads that wait for them; a system call here must not end early.
    var every = sigset_t()
    sigfillset(&every)
    pthread_sigmask(SIG_BLOCK, &every, nil)
    body.run()
    return nil
}
