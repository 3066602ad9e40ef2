internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization
public import XinglinKit

/// The TLS listener: one event loop that frames lines, hands their calls to the service and sends the replies.
public final class LineServer: Sendable {
    private let settings: LineServerSettings
    private let service: any RPCService
    private let processor: LineProcessor
    private let log: Logger
    private let certificate: ServerCertificate
    let registry: ConnectionRegistry
    let counters = TrafficCounters()
    private let turns = TurnQueue()
    /// Reads long lines, so that the event loop does not.
    private let reader = NIOThreadPool(numberOfThreads: 1)
    private let refusals = RefusalReport()
    private let running = Mutex<Running?>(nil)
    private let port = Mutex(0)

    private struct Running {
        let group: MultiThreadedEventLoopGroup
        let listener: any Channel
    }

    public init(_ settings: LineServerSettings, service: any RPCService, log: Logger) {
        self.settings = settings
        self.service = service
        self.processor = LineProcessor(
            service: service, batch: settings.batch, replyBytes: settings.replyBytes, locale: settings.locale,
            log: log, counters: self.counters)
        self.log = log
        self.certificate = ServerCertificate(settings)
        self.registry = ConnectionRegistry(settings.gateLimits)
    }

    /// The port that is listened on, once started.
    public var boundPort: Int { self.port.withLock { $0 } }

    /// Connections that are open, those in their handshake included.
    public var connectionCount: Int { self.registry.count }

    var isDraining: Bool { self.registry.isDraining }

    /// Loads the certificate and listens.
    /// - Throws: `LineServerError`.
    public func start() async throws {
        try self.certificate.reload()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1, metricsDelegate: self.turns)
        self.reader.start()
        do {
            let listener = try await self.bootstrap(group).bind(host: self.settings.host, port: self.settings.port)
                .get()
            self.port.withLock { $0 = listener.localAddress?.port ?? 0 }
            self.running.withLock { $0 = Running(group: group, listener: listener) }
        } catch {
            try await group.shutdownGracefully()
            try await self.reader.shutdownGracefully()
            let code = (error as? IOError)?.errnoCode
            let reason = code.map { String(cString: strerror($0)) } ?? "\(error)"
            throw LineServerError(
                "cannot listen on \(self.settings.host):\(self.settings.port): \(reason)", listenCode: code ?? 0)
        }
    }

    /// Has the event loop say that it turns.
    /// - Returns: false where it does not run.
    public func whenTurned(_ done: @escaping @Sendable () -> Void) -> Bool {
        guard let loop = self.running.withLock({ $0?.listener.eventLoop }) else { return false }
        loop.execute(done)
        return true
    }

    /// Reads certificate and key again. New connections get them; open ones keep theirs.
    /// - Throws: `LineServerError`; the certificate in use stays then.
    public func reloadCertificates() throws {
        try self.certificate.reload()
    }

    /// Stops: takes no connections and reads no more, answers what has been received, closes in order, and by force after that time.
    public func drain(seconds: Int) async {
        guard let running = self.running.withLock({ $0.take() }) else { return }
        let loop = running.listener.eventLoop
        let emptied = loop.makePromise(of: Void.self)
        do {
            try await running.listener.close().get()
        } catch {
            self.log.debug("listener was closed already", metadata: ["error": "\(error)"])
        }
        let force = loop.scheduleTask(in: .seconds(Int64(seconds))) {
            for handler in self.registry.handlers { handler.value.giveUp() }
        }
        loop.execute {
            self.registry.drain(emptied)
            for handler in self.registry.handlers { handler.value.beginDrain() }
        }
        do {
            try await emptied.futureResult.get()
            force.cancel()
            try await running.group.shutdownGracefully()
            try await self.reader.shutdownGracefully()
        } catch {
            self.log.warning("event loop did not stop in order", metadata: ["error": "\(error)"])
        }
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // So that a client may end its input and still get its answers.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 65_536, high: 262_144))
            // One read a round, so that whoever sends much takes no more of a round than others.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { self.accept($0) }
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress?.ipAddress ?? ""
        let id: UInt64
        switch self.registry.admit(from: SourceNetwork.name(of: address)) {
        case .admitted(let admitted): id = admitted
        case .draining: return channel.close()
        case .refused(let refusal):
            self.counters.refused(refusal)
            if let report = self.refusals.add(refusal, from: address, at: .now) {
                self.log.warning("connections refused", metadata: report)
            }
            return channel.close()
        }
        channel.closeFuture.whenComplete { _ in self.registry.remove(id) }
        return channel.eventLoop.makeCompletedFuture {
            let handler = ConnectionHandler(
                id: id, processor: self.processor, service: self.service, settings: self.settings, log: self.log,
                surroundings: ConnectionHandler.Surroundings(
                    registry: self.registry, turns: self.turns, reader: self.reader, counters: self.counters))
            self.registry.add(NIOLoopBound(handler, eventLoop: channel.eventLoop), id: id)
            let tls = NIOSSLServerHandler(context: try self.certificate.context())
            try channel.pipeline.syncOperations.addHandlers(tls, handler)
        }
    }
}
