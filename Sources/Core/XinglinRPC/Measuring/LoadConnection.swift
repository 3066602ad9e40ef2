internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// What the connections of a load are told.
enum LoadSignal: Sendable {
    case start
    case stop
}

/// One connection of a load: keeps so many requests in flight until it is told to stop.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let plan: LoadPlan?
    private let opening: [UInt8]?
    private let recorder: (any LoadRecorder)?
    private var numbers: LoadNumbers
    /// Kept until the connection is open.
    private var ready: EventLoopPromise<Void>?
    private var isRunning = false
    /// When the request in each place was sent.
    private var sentAt: [UInt64] = []
    /// The begin of a line whose end has not come.
    private var partial = ByteBuffer()
    private var requests = ByteBuffer()

    init(
        _ plan: LoadPlan?, number: Int, opening: [UInt8]?, recorder: (any LoadRecorder)?, ready: EventLoopPromise<Void>
    ) {
        self.plan = plan
        self.opening = opening
        self.recorder = recorder
        self.ready = ready
        self.numbers = LoadNumbers(seed: plan?.seed ?? 1, connection: number)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { self.open(context) }
        switch event as? LoadSignal {
        case .start?: self.start(context)
        case .stop?: self.isRunning = false
        case nil: context.fireUserInboundEventTriggered(event)
        }
    }

    private func open(_ context: ChannelHandlerContext) {
        guard let opening = self.opening else { return self.isOpen() }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: opening + [0x0A])), promise: nil)
    }

    private func isOpen() {
        self.ready?.succeed(())
        self.ready = nil
    }

    private func start(_ context: ChannelHandlerContext) {
        guard let plan = self.plan else { return }
        self.isRunning = true
        self.sentAt = Array(repeating: Self.now, count: plan.depth)
        for id in 0..<plan.depth { plan.template.write(id: id, to: &self.requests, &self.numbers) }
        self.flush(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var chunk = self.unwrapInboundIn(data)
        let now = Self.now
        if self.partial.readableBytes > 0 {
            self.partial.writeBuffer(&chunk)
            swap(&self.partial, &chunk)
            self.partial.clear()
        }
        let taken = chunk.withUnsafeReadableBytes { self.takeLines($0, now) }
        chunk.moveReaderIndex(forwardBy: taken)
        if chunk.readableBytes > 0 { self.partial = chunk }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.flush(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A server that just closes its socket; what is lost by it is told when the connection is gone.
        if case NIOSSLError.uncleanShutdown = error { return }
        self.fail("\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail("the server closed the connection")
        context.fireChannelInactive()
    }

    private func fail(_ reason: String) {
        self.ready?.fail(LoadError(description: reason))
        self.ready = nil
        if self.isRunning { self.recorder?.lost(reason) }
        self.isRunning = false
    }

    /// Gives how many bytes were whole lines.
    private func takeLines(_ bytes: UnsafeRawBufferPointer, _ now: UInt64) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var start = 0
        while start < bytes.count, let found = memchr(base + start, 0x0A, bytes.count - start) {
            let end = UnsafeRawPointer(found) - base
            self.take(LoadReply(UnsafeRawBufferPointer(rebasing: bytes[start..<end])), now)
            start = end + 1
        }
        return start
    }

    private func take(_ reply: LoadReply, _ now: UInt64) {
        if let ready = self.ready {
            self.ready = nil
            switch reply.outcome {
            case .done: ready.succeed(())
            case .refused(let reason): ready.fail(LoadError(description: "the session was refused: \(reason)"))
            }
            return
        }
        guard let plan = self.plan, self.isRunning else { return }
        guard let id = reply.id, self.sentAt.indices.contains(id) else {
            self.recorder?.lost("a reply to no request")
            return
        }
        switch reply.outcome {
        case .done: self.recorder?.answered(after: now - self.sentAt[id])
        case .refused(let reason): self.recorder?.refused(reason, after: now - self.sentAt[id])
        }
        self.sentAt[id] = now
        plan.template.write(id: id, to: &self.requests, &self.numbers)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard self.requests.readableBytes > 0 else { return }
        let requests = self.requests
        self.requests = context.channel.allocator.buffer(capacity: requests.readableBytes)
        context.writeAndFlush(self.wrapOutboundOut(requests), promise: nil)
    }

    /// Nanoseconds of the clock that never goes back.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
