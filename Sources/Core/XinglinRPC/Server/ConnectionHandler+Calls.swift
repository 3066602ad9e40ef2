internal import NIOCore
internal import XinglinKit

extension ConnectionHandler {
    /// One write, so that a slow reader makes progress that can be seen.
    private static var writeBytes: Int { 65_536 }

    /// Takes lines while there is room for their calls and for their replies. Runs after every event.
    func pump() {
        guard let context = self.context, let connection = self.connection, !self.isClosing else {
            self.settle()
            return
        }
        while self.intake != .discarding, self.hasRoom(context), let event = self.framer.next() {
            switch event {
            case .line(let line): self.dispatch(line, connection)
            case .oversize: self.refuseOversize()
            }
        }
        self.settle()
    }

    func mayRead(_ context: ChannelHandlerContext) -> Bool {
        if self.isClosing || self.connection == nil { return true }
        switch self.intake {
        case .open: return self.hasRoom(context)
        case .draining: return false
        case .discarding: return true
        }
    }

    func hasRoom(_ context: ChannelHandlerContext) -> Bool {
        self.inFlight < self.inFlightLimit && context.channel.isWritable
    }

    private func dispatch(_ line: [UInt8], _ connection: RPCConnection) {
        guard let outbox = self.outbox else { return }
        let prepared = self.processor.prepare(line)
        let calls = prepared.callCount
        self.inFlight += calls
        let refusal = self.intake == .draining ? HostFault.shuttingDown.fault() : nil
        self.processor.run(prepared, on: connection, refusing: refusal) { outbox.add($0, calls: calls) }
    }

    private func refuseOversize() {
        self.intake = .discarding
        self.inFlight += 1
        let fault = invalidRequest("", expected: "a line of at most \(self.framer.limit) bytes")
        self.outbox?.add(self.processor.line(refusing: fault, on: self.connection), calls: 1)
        self.framer = LineFramer(limit: self.framer.limit)
    }

    /// Writes all replies that have come since the loop was here last, with one flush.
    func flushOutbox() {
        guard let outbox = self.outbox else { return }
        let (lines, calls) = outbox.take()
        self.inFlight -= calls
        self.signsOfLife += 1
        if let context = self.context, !self.isClosing, !lines.isEmpty { self.write(lines, context) }
        self.pump()
    }

    private func write(_ lines: [[UInt8]], _ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: lines.reduce(0) { $0 + $1.count })
        for line in lines { buffer.writeBytes(line) }
        while let slice = buffer.readSlice(length: min(Self.writeBytes, buffer.readableBytes)), slice.readableBytes > 0
        {
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { self.wrote($0) }
            self.unsent += 1
            context.write(self.wrapOutboundOut(slice), promise: written)
        }
        context.flush()
    }

    private func wrote(_ result: Result<Void, any Error>) {
        self.unsent -= 1
        self.sent += 1
        self.signsOfLife += 1
        if case .failure = result, !self.isClosing {
            self.wasReset = true
            self.abort()
        }
        self.pump()
    }
}
