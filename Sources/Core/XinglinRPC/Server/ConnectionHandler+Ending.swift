internal import NIOCore
internal import NIOSSL
internal import XinglinKit

extension ConnectionHandler {
    /// Brings everything else in line with what has just happened.
    func settle() {
        guard let context = self.context else { return }
        if self.isFinished { self.close(context) }
        if self.isReadHeld, self.mayRead(context) {
            self.isReadHeld = false
            context.read()
        }
        self.watchTheClock()
    }

    /// Nothing more will come in, and everything has gone out.
    private var isFinished: Bool {
        self.connection != nil && !self.isClosing && (self.inputEnded || self.intake != .open)
            && self.inFlight == 0 && !self.isReadingLine && self.unsent == 0
            && (self.framer.isExhausted || self.intake == .discarding)
    }

    /// The client has sent all that it wants to send. What it asked for is still answered.
    func inputClosed() {
        self.inputEnded = true
        if self.isClosing || self.connection == nil { self.abort() } else { self.pump() }
    }

    /// The host stops.
    func beginDrain() {
        guard self.connection != nil else {
            self.abort()
            return
        }
        if self.intake == .open { self.intake = .draining }
        self.pump()
    }

    /// Closes in order: our close_notify goes out, and the TLS handler waits a few seconds for the client's.
    private func close(_ context: ChannelHandlerContext) {
        self.isClosing = true
        context.close(mode: .all, promise: nil)
        // A client that has ended its input without close_notify will never send one.
        if self.inputEnded { self.abort() }
    }

    /// Closes the socket at once, past the TLS handler.
    func abort() {
        guard let context = self.context else { return }
        self.isClosing = true
        let operations = context.pipeline.syncOperations
        if let tls = try? operations.context(handlerType: NIOSSLServerHandler.self) {
            tls.close(mode: .all, promise: nil)
        } else {
            context.close(mode: .all, promise: nil)
        }
    }

    /// Ends the connection with calls in flight.
    func giveUp() {
        self.wasReset = true
        self.abort()
    }

    /// Tells the timers how things stand, and sets an alarm where they want one earlier than the one that is set.
    func watchTheClock() {
        guard let context = self.context, context.channel.isActive, !self.isClosing else { return }
        // Who waits for notifications may be silent for long.
        let isBusy =
            self.connection?.isListening != false || self.inFlight > 0 || self.isReadingLine || self.unsent > 0
        let now = ContinuousClock.now
        self.timers.observe(
            ConnectionTimers.Situation(
                isHandshaking: self.connection == nil,
                partialLine: self.intake == .open && !self.inputEnded ? self.framer.partialLine : nil,
                isHeld: !self.mayRead(context), idle: isBusy ? nil : self.signsOfLife,
                unsent: self.unsent > 0 ? self.sent : nil),
            at: now)
        guard let next = self.timers.next else { return }
        if let alarm = self.alarm, alarm.at <= next.at { return }
        self.alarm?.task.cancel()
        let delay = TimeAmount(now.duration(to: next.at))
        let task = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.alarmRang() }
        self.alarm = (next.at, task)
    }

    private func alarmRang() {
        self.alarm = nil
        guard !self.isClosing else { return }
        guard let next = self.timers.next, next.at <= ContinuousClock.now else {
            self.watchTheClock()
            return
        }
        self.log.debug(
            "connection timed out", metadata: ["connection": "\(self.id)", "waitedFor": "\(next.expiry.rawValue)"])
        self.wasReset = true
        if next.expiry == .idle, let context = self.context { self.close(context) } else { self.abort() }
    }
}
