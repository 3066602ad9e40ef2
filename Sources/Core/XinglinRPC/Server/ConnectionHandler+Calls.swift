internal import NIOCore
internal import NIOPosix
internal import XinglinKit

extension ConnectionHandler {
    /// One write, so that a slow reader makes progress that can be seen.
    private static var writeBytes: Int { 65_536 }

    /// Takes lines while there is room for their calls and for their replies, and no more than the connection's turn allows.
    /// Runs after every event.
    func pump() {
        guard let context = self.context, let connection = self.connection, !self.isClosing else {
            self.settle()
            return
        }
        while self.intake != .discarding, self.hasRoom(context) {
            guard self.budget > 0 else {
                self.askForTurn(context)
                break
            }
            guard let event = self.framer.next() else { break }
            switch event {
            case .line(let line): self.take(line, connection, context)
            case .oversize: self.refuseOversize()
            }
        }
        self.settle()
    }

    func mayRead(_ context: ChannelHandlerContext) -> Bool {
        if self.isClosing || self.connection == nil { return true }
        switch self.intake {
        case .open: return self.hasRoom(context) && !self.awaitsTurn
        case .draining: return false
        case .discarding: return true
        }
    }

    func hasRoom(_ context: ChannelHandlerContext) -> Bool {
        let limit =
            self.hasSession
            ? self.settings.inFlight : min(self.settings.inFlight, self.settings.inFlightBeforeLogin)
        return self.inFlight < limit && !self.isReadingLine && context.channel.isWritable
            && (self.outbox?.bytes ?? 0) + self.unsentBytes < self.replyBytesAhead
    }

    /// Replies that may wait for a client before more of its calls are taken.
    private var replyBytesAhead: Int { self.hasSession ? 262_144 : 16_384 }

    private func dispatch(_ prepared: PreparedLine, _ connection: RPCConnection) {
        guard let outbox = self.outbox else { return }
        let calls = prepared.callCount
        self.inFlight += calls
        self.budget -= calls * Self.callCost
        self.processor.run(prepared, on: connection, refusing: self.refusal) { outbox.add($0, calls: calls) }
    }

    private var refusal: Fault? { self.intake == .draining ? HostFault.shuttingDown.fault() : nil }

    private func refuseOversize() {
        self.intake = .discarding
        self.inFlight += 1
        let fault = invalidRequest("", expected: "a line of at most \(self.framer.limit) bytes")
        self.outbox?.add(self.processor.line(refusing: fault, on: self.connection), calls: 1)
        self.framer = LineFramer(limit: self.framer.limit)
    }

    /// Takes one line: a long one is read beside the loop, and nothing else of the connection meanwhile.
    private func take(_ line: [UInt8], _ connection: RPCConnection, _ context: ChannelHandlerContext) {
        self.budget -= line.count
        guard line.count > Self.longLine else { return self.dispatch(self.processor.prepare(line), connection) }
        self.isReadingLine = true
        let (processor, pool) = (self.processor, self.surroundings.reader)
        let loop = context.eventLoop
        pool.runIfActive(eventLoop: loop) { processor.prepare(line) }.assumeIsolated().whenComplete { result in
            self.isReadingLine = false
            guard case .success(let prepared) = result, !self.isClosing, let outbox = self.outbox else {
                self.settle()
                return
            }
            let (calls, refusal) = (prepared.callCount, self.refusal)
            self.inFlight += calls
            // Its params may be long too, and some methods read them where they are called.
            pool.submit { _ in
                processor.run(prepared, on: connection, refusing: refusal) { outbox.add($0, calls: calls) }
            }
            self.pump()
        }
    }

    /// Writes all replies that have come since the loop was here last, with one flush.
    func flushOutbox() {
        guard let outbox = self.outbox else { return }
        let (lines, calls) = outbox.take()
        self.inFlight -= calls
        self.signsOfLife += 1
        self.followIdentity()
        if let context = self.context, !self.isClosing, !lines.isEmpty { self.write(lines, context) }
        self.pump()
    }

    private func write(_ lines: [[UInt8]], _ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: lines.reduce(0) { $0 + $1.count })
        for line in lines { buffer.writeBytes(line) }
        self.surroundings.counters.bytesOut.add(UInt64(buffer.readableBytes))
        while let slice = buffer.readSlice(length: min(Self.writeBytes, buffer.readableBytes)), slice.readableBytes > 0
        {
            let written = context.eventLoop.makePromise(of: Void.self)
            let bytes = slice.readableBytes
            written.futureResult.assumeIsolated().whenComplete { self.wrote(bytes, $0) }
            self.unsent += 1
            self.unsentBytes += bytes
            context.write(self.wrapOutboundOut(slice), promise: written)
        }
        context.flush()
    }

    private func wrote(_ bytes: Int, _ result: Result<Void, any Error>) {
        self.unsent -= 1
        self.unsentBytes -= bytes
        self.outbox?.sent(bytes)
        self.sent += 1
        self.signsOfLife += 1
        if case .failure = result, !self.isClosing {
            self.wasReset = true
            self.abort()
        }
        self.pump()
    }
}
