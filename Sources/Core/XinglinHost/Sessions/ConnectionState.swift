internal import Synchronization
internal import XinglinKit
internal import XinglinPostgres

/// What the dispatcher keeps of one connection: who it speaks for, and its calls in flight.
final class ConnectionState: Sendable {
    /// The certificate that was shown in the TLS handshake. Such a connection has no session.
    let certificate: PresentedCertificate?
    private struct State {
        var session: Session?
        var inFlight: Set<UInt64> = []
        var handles: [UInt64: JobHandle] = [:]
        var next: UInt64 = 0
        var isGone = false
        var audited: Set<FaultKind> = []
    }
    private let state = Mutex(State())
    /// Told whether a session is bound.
    private let identify: @Sendable (Bool) -> Void

    init(certificate: PresentedCertificate? = nil, identify: @escaping @Sendable (Bool) -> Void) {
        self.certificate = certificate
        self.identify = identify
    }

    /// Whether the connection is refused for this for the first time: a machine that goes on calling with a revoked
    /// certificate must not fill the audit.
    func isNew(_ refusal: FaultKind) -> Bool {
        self.state.withLock { $0.audited.insert(refusal).inserted }
    }

    var session: Session? { self.state.withLock { $0.session } }

    func bind(_ session: Session) {
        self.state.withLock {
            $0.session = session
            self.identify(true)
        }
    }

    /// Replaces the session by its renewed self, unless another one was bound meanwhile.
    func rebind(_ session: Session) {
        self.state.withLock { if $0.session?.tokenDigest == session.tokenDigest { $0.session = session } }
    }

    /// Lets go of the session, unless another one was bound meanwhile.
    func unbind(_ session: Session) {
        self.state.withLock { state in
            guard state.session?.tokenDigest == session.tokenDigest else { return }
            state.session = nil
            self.identify(false)
        }
    }

    /// Registers a call that is about to be submitted.
    func begin() -> UInt64 {
        self.state.withLock { state in
            state.next += 1
            state.inFlight.insert(state.next)
            return state.next
        }
    }

    /// Keeps the handle of a call in flight, unless it is done already. Where the connection was reset meanwhile the
    /// call is cancelled.
    func track(_ handle: JobHandle, _ number: UInt64) {
        let isGone = self.state.withLock { state in
            if !state.isGone, state.inFlight.contains(number) { state.handles[number] = handle }
            return state.isGone
        }
        if isGone { handle.cancel() }
    }

    func finished(_ number: UInt64) {
        self.state.withLock { state in
            state.inFlight.remove(number)
            state.handles[number] = nil
        }
    }

    /// The connection was reset: cancels whatever has not sent COMMIT.
    func cancelAll() {
        let handles = self.state.withLock { state in
            state.isGone = true
            defer { state.handles = [:] }
            return Array(state.handles.values)
        }
        for handle in handles { handle.cancel() }
    }
}
