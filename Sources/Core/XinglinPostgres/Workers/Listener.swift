internal import CLibPQ
internal import Synchronization
public import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

/// A connection of its own that waits for NOTIFY. What it learns is a hint: after each reconnect, and every few
/// seconds, the reader looks for itself.
public final class Listener: Sendable {
    /// Why `onWake` is called.
    public enum WakeReason: Sendable, Equatable {
        /// Notifications came, with these payloads.
        case notified([String])
        /// It listens (again); what was notified before is lost.
        case reconnected
        /// Nothing came for a while.
        case tick
    }

    private let conninfo: String
    private let channel: String
    private let interval: Duration
    private let log: Logger
    private let onWake: @Sendable (Connection, WakeReason) -> Void
    private let monitor = Monitor<Bool, StopCondition>(false)
    private let wakeUp = WakePipe()
    private let thread = Mutex<OSThread?>(nil)

    private enum StopCondition: Int, CaseIterable {
        case stopped
    }

    /// - Parameters:
    ///   - interval: how often `.tick` comes while nothing else does.
    ///   - onWake: runs on the listener's thread and may use its connection; it must leave no transaction open.
    public init(
        conninfo: String, channel: String, log: Logger, interval: Duration = .seconds(5),
        onWake: @escaping @Sendable (Connection, WakeReason) -> Void
    ) {
        self.conninfo = conninfo
        self.channel = channel
        self.interval = interval
        self.log = log
        self.onWake = onWake
    }

    /// Starts the thread, which connects by itself.
    public func start() {
        self.thread.withLock { thread in
            guard thread == nil else { return }
            do throws(DatabaseError) {
                thread = try OSThread(name: "pg-listen") { self.run() }
            } catch {
                self.log.critical("the listener could not be started", metadata: ["error": "\(error.message)"])
            }
        }
    }

    /// Ends the thread and waits for it; not to be called from `onWake`.
    public func stop() {
        self.monitor.withLock { $0 = true }
        self.monitor.broadcast(.stopped)
        self.wakeUp.wake()
        let thread = self.thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private var isStopped: Bool { self.monitor.withLock { $0 } }

    private func run() {
        var backoff = Backoff()
        while !self.isStopped {
            do throws(DatabaseError) {
                let connection = try Connection(self.conninfo, applicationName: "xinglin listener")
                connection.giveUpAt = .now + Connection.roundTripPatience
                try connection.script("LISTEN \(SQLText.identifier(self.channel))")
                backoff.reset()
                self.onWake(connection, .reconnected)
                self.listen(on: connection)
            } catch {
                self.log.debug("the listener has no connection", metadata: ["error": "\(error.message)"])
            }
            _ = self.monitor.wait(for: .stopped, atMost: backoff.next()) { $0 ? true : nil }
        }
    }

    /// Until the connection breaks or the listener stops.
    private func listen(on connection: Connection) {
        var next = ContinuousClock.Instant.now + self.interval
        // A connection that `onWake` left inside a transaction would fail for ever: it is given up for a new one.
        while !connection.isBroken, connection.isIdle, !self.isStopped {
            connection.giveUpAt = .now + Connection.roundTripPatience
            // Notifications also arrive with the results of what `onWake` ran, so look before waiting.
            let payloads = connection.takeNotifications()
            if !payloads.isEmpty {
                self.onWake(connection, .notified(payloads))
            } else if ContinuousClock.Instant.now >= next {
                self.onWake(connection, .tick)
            } else {
                self.waitForInput(of: connection, until: next)
                continue
            }
            next = .now + self.interval
        }
    }

    private func waitForInput(of connection: Connection, until next: ContinuousClock.Instant) {
        var descriptors = [
            pollfd(fd: PQsocket(connection.raw), events: Int16(POLLIN), revents: 0),
            pollfd(fd: self.wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let rest = max(.zero, next - .now).components
        let milliseconds = rest.seconds * 1000 + rest.attoseconds / 1_000_000_000_000_000 + 1
        guard poll(&descriptors, 2, Int32(clamping: milliseconds)) > 0, descriptors[0].revents != 0 else { return }
        connection.consumeInput()
    }
}

extension Connection {
    /// The payloads of the notifications that have arrived.
    func takeNotifications() -> [String] {
        var payloads: [String] = []
        while let notification = PQnotifies(self.raw) {
            payloads.append(notification.pointee.extra.map { String(cString: $0) } ?? "")
            PQfreemem(notification)
        }
        return payloads
    }

    /// Reads what has arrived; a connection that is over is given up.
    func consumeInput() {
        if PQconsumeInput(self.raw) == 0 { self.isDesynchronised = true }
    }
}
