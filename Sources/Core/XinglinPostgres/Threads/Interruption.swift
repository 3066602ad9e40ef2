internal import Synchronization
public import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

/// Makes the work of a command that is told to end (Ctrl-C, SIGTERM) fail where it stands, so that it takes back what it made:
/// programs that run for it are ended, statements cancelled, and nothing further is begun. A host never asks for it.
public enum Interruption {
    private struct State {
        /// Programs that may be ended, none of which has been reaped yet.
        var programs: Set<pid_t> = []
        var cancellers: [ObjectIdentifier: Canceller] = [:]
        var thread: OSThread?
    }

    private static let state = Mutex(State())
    private static let isAsked = Atomic(false)
    /// Whether this is what takes back.
    @TaskLocal private static var isUndisturbed = false

    /// Whether the work was asked to end.
    public static var isRequested: Bool { self.isAsked.load(ordering: .acquiring) }

    /// Asks the work of this process to end. It is asked again and again, for it may just be about to begin something.
    public static func request() throws(DatabaseError) {
        guard !self.isAsked.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let thread = try OSThread(name: "interruption") {
            while true {
                self.endAll()
                usleep(250_000)
            }
        }
        self.state.withLock { $0.thread = thread }
    }

    /// Runs what takes back what was made: it is not interrupted.
    public static func undisturbed<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value
    {
        let result = self.$isUndisturbed.withValue(true) { () -> Result<Value, Failure> in
            do throws(Failure) {
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// - Throws: where the work was asked to end.
    public static func check() throws(ClusterError) {
        if self.stops { throw ClusterError("interrupted") }
    }

    static var stops: Bool { self.isRequested && !self.isUndisturbed }

    private static func endAll() {
        let cancellers = self.state.withLock { state in
            // Within the lock: a program that has been reaped may have left its number to another.
            for program in state.programs { kill(program, SIGTERM) }
            return Array(state.cancellers.values)
        }
        for canceller in cancellers { canceller.cancel() }
    }

    // MARK: - What is under way

    /// Has a connection's statements cancelled, unless it belongs to what takes back.
    static func add(_ canceller: Canceller) {
        guard !self.isUndisturbed else { return }
        self.state.withLock { $0.cancellers[ObjectIdentifier(canceller)] = canceller }
    }

    static func remove(_ canceller: Canceller) {
        self.state.withLock { $0.cancellers[ObjectIdentifier(canceller)] = nil }
    }

    /// Runs the body and waits for the end of a program, which may be ended meanwhile; gives its exit status as `waitpid` does.
    static func during<Value>(_ program: pid_t, isInterruptible: Bool, _ body: () -> Value) -> (Value, status: Int32) {
        let isListed = isInterruptible && !self.isUndisturbed
        if isListed { self.state.withLock { _ = $0.programs.insert(program) } }
        let value = body()
        // It stays a zombie, and its number its own, until it is off the list.
        var information = siginfo_t()
        while waitid(P_PID, id_t(program), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        if isListed { self.state.withLock { _ = $0.programs.remove(program) } }
        var status: Int32 = 0
        while waitpid(program, &status, 0) < 0, errno == EINTR {}
        return (value, status)
    }
}
