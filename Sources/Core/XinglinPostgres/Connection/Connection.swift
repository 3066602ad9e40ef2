internal import CLibPQ
public import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

/// One libpq connection. Not Sendable: it belongs to the thread that made it.
public final class Connection {
    let raw: OpaquePointer
    /// Cancels what runs here, from another thread.
    public let canceller: Canceller
    public let backendPID: Int32
    /// Which session of which run of which server this is; no other connection has or will have the same.
    public private(set) var identity = SessionIdentity(serverStart: "", backend: 0)
    /// As libpq gives it: 150018 for 15.18.
    public let serverVersion: Int32
    /// Which item of the last `run` failed, where one did.
    public internal(set) var failedItem: Int?
    /// When waiting for the server ends and the connection is given up, so that a backend that hangs does not hold its
    /// caller; nil waits as long as it takes.
    public var giveUpAt: ContinuousClock.Instant?
    /// Called where the server takes longer than most statements need, and when it has answered then.
    var onStall: (() -> Void)?
    var onResume: (() -> Void)?
    /// What the session is set to. Whoever sends a scope's setting notes it here once it holds.
    public var scope = SessionScope.host
    var cache: StatementCache
    var isDesynchronised = false
    private let notices: NoticeReceiver?

    /// Connects and sets the session up.
    /// - Parameters:
    ///   - conninfo: a libpq URL or `key=value` string; time-outs are added where it names none.
    ///   - lockTimeout: how long a statement waits for a lock before `.lockTimeout`.
    ///   - onNotice: gets the server's notices, which may quote values; nil drops them.
    /// - Throws: `.unavailable` where there is no connection to be had, and with `25006` where the server is a standby: it takes
    ///   no writes, and what it shows may be old.
    public init(
        _ conninfo: String, applicationName: String, lockTimeout: String = "2s", idleInTransaction: String = "60s",
        statements: Int = 256, onNotice: (@Sendable (String) -> Void)? = nil
    ) throws(DatabaseError) {
        var target = try ConnectionString(conninfo)
        target.addDefaults(applicationName: applicationName)
        guard let raw = target.open() else { throw DatabaseError(kind: .unavailable, message: "out of memory") }
        guard PQstatus(raw) == CONNECTION_OK else {
            let error = DatabaseError.unavailable(raw)
            PQfinish(raw)
            throw error
        }
        self.raw = raw
        self.canceller = Canceller(raw)
        Interruption.add(self.canceller)
        self.backendPID = PQbackendPID(raw)
        self.serverVersion = PQserverVersion(raw)
        self.cache = StatementCache(capacity: statements)
        self.notices = onNotice.map(NoticeReceiver.init)
        NoticeReceiver.install(self.notices, on: raw)
        _ = PQsetnonblocking(raw, 1)
        guard !self.reports("in_hot_standby") else { throw .standby }
        // The time limit of the connection attempt does not cover this.
        self.giveUpAt = .now + Self.roundTripPatience
        try self.setUpSession(lockTimeout: lockTimeout, idleInTransaction: idleInTransaction)
        self.giveUpAt = nil
    }

    /// Whether the server has transactions read-only by default, as when an operator stopped writing. It tells with the results
    /// of statements, and only a session that never set it itself can ask.
    public var isReadOnlyByDefault: Bool { self.reports("default_transaction_read_only") }

    /// What the server reports of a setting that is on or off.
    private func reports(_ setting: String) -> Bool {
        PQparameterStatus(self.raw, setting).map { String(cString: $0) == "on" } ?? false
    }

    /// How long a worker or the listener waits where no deadline is set: above every deadline that a call can have.
    static let patience = Duration.seconds(90)
    /// How long a statement that does no work may take.
    static let roundTripPatience = Duration.seconds(10)

    deinit {
        Interruption.remove(self.canceller)
        self.canceller.close()
        PQfinish(self.raw)
    }

    /// Whether the connection must be thrown away.
    public var isBroken: Bool { self.isDesynchronised || PQstatus(self.raw) != CONNECTION_OK }

    /// Whether no transaction is open.
    public var isIdle: Bool { PQtransactionStatus(self.raw) == PQTRANS_IDLE }

    /// Whether the server still holds its end. Cheap while nothing has arrived; anything that did arrive on an idle
    /// connection is most likely the news of its end, so then a round trip tells.
    /// - Parameter provingIt: makes the round trip in any case, with little patience.
    func isAlive(provingIt: Bool = false) -> Bool {
        guard !self.isBroken else { return false }
        if provingIt { return self.ping(within: .seconds(2)) }
        var descriptor = pollfd(fd: PQsocket(self.raw), events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) != 0 else { return true }
        guard PQconsumeInput(self.raw) == 1 else { return false }
        return self.ping()
    }

    /// Makes a round trip.
    func ping(within limit: Duration = Connection.roundTripPatience) -> Bool {
        let before = self.giveUpAt
        self.giveUpAt = .now + limit
        defer { self.giveUpAt = before }
        return (try? self.script("SELECT 1")) != nil && !self.isBroken
    }

    /// Has the connection thrown away, because its server is no longer what it was.
    public func giveUp() {
        self.isDesynchronised = true
    }

    private func setUpSession(lockTimeout: String, idleInTransaction: String) throws(DatabaseError) {
        let settings: [(String, String)] = [
            ("TimeZone", "Asia/Shanghai"), ("DateStyle", "ISO"), ("client_encoding", "UTF8"), ("bytea_output", "hex"),
            ("standard_conforming_strings", "on"), ("lock_timeout", lockTimeout),
            ("idle_in_transaction_session_timeout", idleInTransaction),
        ]
        let script = settings.map { "SET \($0.0) = \(SQLText.literal($0.1));" }.joined()
        let start = try self.execute("\(script) SELECT pg_postmaster_start_time()")
        self.identity = SessionIdentity(serverStart: start ?? "", backend: self.backendPID)
    }
}

/// One session of one run of one server. A process id alone may come again, on another server or after a restart.
public struct SessionIdentity: Hashable, Sendable {
    /// When the server's main process started, to the microsecond.
    public let serverStart: String
    public let backend: Int32
}

/// Where a connection's notices go.
private final class NoticeReceiver {
    private let receive: @Sendable (String) -> Void

    init(_ receive: @escaping @Sendable (String) -> Void) {
        self.receive = receive
    }

    /// libpq keeps an unowned pointer: the connection owns both ends. Without a receiver notices are dropped, since
    /// libpq's own habit is to print them.
    static func install(_ receiver: NoticeReceiver?, on connection: OpaquePointer) {
        let context = receiver.map { Unmanaged.passUnretained($0).toOpaque() }
        PQsetNoticeProcessor(
            connection,
            { context, message in
                guard let context, let message else { return }
                let receiver = Unmanaged<NoticeReceiver>.fromOpaque(context).takeUnretainedValue()
                receiver.receive(String(cString: message))
            }, context)
    }
}
