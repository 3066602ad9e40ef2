/// When a connection has taken too long for something. A pure machine: it is told the situation and the time after every event.
struct ConnectionTimers {
    typealias Instant = ContinuousClock.Instant

    struct Limits: Sendable {
        var handshake: Duration
        var line: Duration
        var idle: Duration
        var writeStall: Duration
    }

    enum Expiry: String, Equatable {
        case handshake
        case line
        case idle
        case writeStall
    }

    /// What a connection waits for at one moment.
    struct Situation {
        var isHandshaking = false
        /// The ordinal of the line that has begun to arrive.
        var partialLine: UInt64?
        /// Whether we hold reading back ourselves; the client's time stands still then.
        var isHeld = false
        /// While nothing is in flight: a number that grows with every sign of life.
        var idle: UInt64?
        /// While bytes wait to be sent: a number that grows with all that is sent.
        var unsent: UInt64?
    }

    private let limits: Limits
    private var handshake = Watch()
    private var idle = Watch()
    private var unsent = Watch()
    private var line = Watch()
    private var lineTimeSpent = Duration.zero

    init(_ limits: Limits) {
        self.limits = limits
    }

    mutating func observe(_ situation: Situation, at now: Instant) {
        self.handshake.follow(situation.isHandshaking ? 0 : nil, at: now)
        self.idle.follow(situation.idle, at: now)
        self.unsent.follow(situation.unsent, at: now)
        self.observeLine(situation, at: now)
    }

    /// What expires first, and when.
    var next: (expiry: Expiry, at: Instant)? {
        var first: (expiry: Expiry, at: Instant)?
        func consider(_ expiry: Expiry, _ since: Instant?, _ limit: Duration) {
            guard let since else { return }
            let at = since + limit
            if first.map({ at < $0.at }) ?? true { first = (expiry, at) }
        }
        consider(.handshake, self.handshake.since, self.limits.handshake)
        consider(.line, self.line.since, self.limits.line - self.lineTimeSpent)
        consider(.idle, self.idle.since, self.limits.idle)
        consider(.writeStall, self.unsent.since, self.limits.writeStall)
        return first
    }

    /// More bytes of the same line do not give it more time; time in which we hold reading does not count.
    private mutating func observeLine(_ situation: Situation, at now: Instant) {
        if situation.partialLine != self.line.mark {
            self.lineTimeSpent = .zero
            self.line = Watch(mark: situation.partialLine)
        }
        if situation.isHeld, let since = self.line.since {
            self.lineTimeSpent += since.duration(to: now)
            self.line.since = nil
        } else if !situation.isHeld, situation.partialLine != nil, self.line.since == nil {
            self.line.since = now
        }
    }

    /// Since when a mark has been the same.
    private struct Watch {
        var mark: UInt64?
        var since: Instant?

        mutating func follow(_ mark: UInt64?, at now: Instant) {
            guard mark != self.mark else { return }
            self.mark = mark
            self.since = mark == nil ? nil : now
        }
    }
}
