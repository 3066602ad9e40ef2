internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import XinglinKit

/// One connection behind its TLS handler: lines in, reply lines out, back-pressure between them. Lives on the event loop.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What becomes of what the client sends.
    enum Intake {
        case open
        /// The host stops: nothing more is read, and lines that are here already are refused.
        case draining
        /// The stream is no longer understood: everything is read and dropped, so that our answer is not lost to a reset.
        case discarding
    }

    let id: UInt64
    let processor: LineProcessor
    let service: any RPCService
    let settings: LineServerSettings
    let surroundings: Surroundings
    let log: Logger
    var framer: LineFramer
    var timers: ConnectionTimers
    var alarm: (at: ContinuousClock.Instant, task: Scheduled<Void>)?

    var context: ChannelHandlerContext?
    var outbox: Outbox?
    /// Nil until the handshake is done.
    var connection: RPCConnection?
    var intake = Intake.open
    /// The client sends no more.
    var inputEnded = false
    /// We have begun to close.
    var isClosing = false
    var wasReset = false
    /// A read that the channel wants and that is held back.
    var isReadHeld = false
    /// The server's registry has been told that the connection has a session.
    var hasSession = false
    /// What the connection may still take in before the loop has come round.
    var budget = 0
    /// Its turn has been asked for and has not come.
    var awaitsTurn = false
    /// A long line is being read beside the loop.
    var isReadingLine = false
    /// Calls that have been given to the service and whose reply has not been written yet.
    var inFlight = 0
    /// Writes under way, and writes done.
    var unsent = 0
    var unsentBytes = 0
    var sent: UInt64 = 0
    var signsOfLife: UInt64 = 0

    /// What the connections of a server share.
    struct Surroundings {
        let registry: ConnectionRegistry
        let turns: TurnQueue
        let reader: NIOThreadPool
        let counters: TrafficCounters
    }

    init(
        id: UInt64, processor: LineProcessor, service: any RPCService, settings: LineServerSettings, log: Logger,
        surroundings: Surroundings
    ) {
        self.id = id
        self.processor = processor
        self.service = service
        self.settings = settings
        self.surroundings = surroundings
        self.log = log
        self.framer = LineFramer(limit: min(settings.lineBytes, settings.lineBytesBeforeLogin))
        self.timers = ConnectionTimers(settings.timerLimits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        self.context = context
        self.outbox = Outbox { loop.execute { bound.value.flushOutbox() } }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.outbox?.close()
        self.alarm?.task.cancel()
        self.alarm = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        self.watchTheClock()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.outbox?.close()
        self.alarm?.task.cancel()
        self.alarm = nil
        if let connection = self.connection {
            self.connection = nil
            self.service.closed(connection, wasReset: self.wasReset || !(self.inputEnded || self.isClosing))
        } else {
            self.surroundings.counters.failedHandshakes.add(1)
        }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.signsOfLife += 1
        guard !self.isClosing, self.intake != .discarding else { return }
        let buffer = self.unwrapInboundIn(data)
        self.surroundings.counters.bytesIn.add(UInt64(buffer.readableBytes))
        buffer.withUnsafeReadableBytes { self.framer.append($0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !self.awaitsTurn { self.budget = Self.turnBudget }
        self.pump()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.pump()
        context.fireChannelWritabilityChanged()
    }

    /// Auto-read stays on; the reads that it asks for are held here while the connection has enough to do.
    func read(context: ChannelHandlerContext) {
        if self.mayRead(context) {
            context.read()
        } else {
            self.isReadHeld = true
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            self.open(context)
        } else if case .inputClosed? = event as? ChannelEvent {
            self.inputClosed()
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func open(_ context: ChannelHandlerContext) {
        let certificate: [UInt8]?
        do {
            let tls = try context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
            certificate = try tls.peerCertificate?.toDERBytes()
        } catch {
            // Who has shown a certificate is never taken for someone without.
            self.errorCaught(context: context, error: error)
            return
        }
        let connection = RPCConnection(
            id: self.id, peerAddress: context.remoteAddress?.ipAddress ?? "", peerCertificate: certificate,
            path: self.outbox)
        self.connection = connection
        self.surroundings.counters.handshakes.add(1)
        self.service.opened(connection)
        self.followIdentity()
        self.watchTheClock()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.log.debug("connection error", metadata: ["connection": "\(self.id)", "error": "\(error)"])
        // Most clients just close their socket; what follows is the end of input or the end of the channel.
        if case NIOSSLError.uncleanShutdown = error { return }
        if !self.isClosing { self.wasReset = true }
        self.abort()
    }
}
