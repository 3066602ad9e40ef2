internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import XinglinKit

/// Loads a server with requests, from one event loop.
public enum LoadClient {
    /// Connections that are opened at the same time: more would meet the server's handshake time-out.
    private static let opening = 32

    /// Opens the connections, warms up, and records for as long as the plan says.
    /// - Throws: `LoadError` where a connection cannot be opened.
    public static func run(_ plan: LoadPlan, on target: LoadTarget, recorder: any LoadRecorder) async throws {
        try await self.withConnections(plan.connections, target, plan, opening: plan.opening, recorder) { channels in
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(LoadSignal.start) }
            try await Task.sleep(for: plan.warmUp)
            try await channels[0].eventLoop.submit { recorder.began() }.get()
            try await Task.sleep(for: plan.duration)
            try await channels[0].eventLoop.submit { recorder.ended() }.get()
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(LoadSignal.stop) }
        }
    }

    /// Opens connections that send nothing, and keeps them until `body` returns.
    public static func idle(
        _ count: Int, on target: LoadTarget, opening: [UInt8]?, _ body: () async throws -> Void
    ) async throws {
        try await self.withConnections(count, target, nil, opening: opening, nil) { _ in try await body() }
    }

    /// The line of `session.resume` that opens a connection.
    public static func resume(token: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw("{\"jsonrpc\":\"2.0\",\"method\":\"session.resume\",\"params\":{\"token\":")
        writer.string(token)
        writer.raw("},\"id\":0}")
        return writer.bytes
    }

    private static func withConnections(
        _ count: Int, _ target: LoadTarget, _ plan: LoadPlan?, opening: [UInt8]?, _ recorder: (any LoadRecorder)?,
        _ body: ([any Channel]) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let tls = try target.tls()
            var channels: [any Channel] = []
            while channels.count < count {
                let next = channels.count..<min(count, channels.count + Self.opening)
                let opened = next.map { number in
                    self.connect(target, tls, on: group.next()) {
                        LoadConnection(plan, number: number, opening: opening, recorder: recorder, ready: $0)
                    }
                }
                for channel in opened { channels.append(try await channel.get()) }
            }
            try await body(channels)
            for channel in channels { channel.close(mode: .all, promise: nil) }
        } catch let error as LoadError {
            try await group.shutdownGracefully()
            throw error
        } catch {
            try await group.shutdownGracefully()
            throw LoadError(description: "\(target.host):\(target.port): \(error)")
        }
        try await group.shutdownGracefully()
    }

    /// Gives the channel once its connection is open.
    static func connect(
        _ target: LoadTarget, _ tls: NIOSSLContext, on loop: any EventLoop,
        _ handler: @escaping @Sendable (EventLoopPromise<Void>) -> LoadConnection
    ) -> EventLoopFuture<any Channel> {
        let ready = loop.makePromise(of: Void.self)
        let connected = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLClientHandler(context: tls, serverHostname: target.serverName), handler(ready))
                }
            }
            .connect(host: target.host, port: target.port)
        connected.whenFailure { ready.fail($0) }
        return ready.futureResult.flatMap { connected }
    }
}
