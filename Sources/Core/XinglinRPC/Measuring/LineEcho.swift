internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A bare echo of lines over TLS: what the event loop and TLS cost alone, to compare `host.ping` with.
public final class LineEcho: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let settings: LineServerSettings

    /// - Parameter settings: of which address, certificate and key are used.
    public init(_ settings: LineServerSettings) {
        self.settings = settings
    }

    /// Listens, and gives the port.
    public func start() async throws -> Int {
        let certificate = ServerCertificate(self.settings)
        try certificate.reload()
        let listener = try await ServerBootstrap(group: self.group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: try certificate.context()), EchoHandler())
                }
            }
            .bind(host: self.settings.host, port: self.settings.port).get()
        return listener.localAddress?.port ?? 0
    }

    public func stop() async throws {
        try await self.group.shutdownGracefully()
    }
}

/// Sends every whole line back, in one flush for all that came together.
private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The begin of a line whose end has not come.
    private var partial = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var chunk = self.unwrapInboundIn(data)
        guard let end = chunk.readableBytesView.lastIndex(of: 0x0A),
            var lines = chunk.readSlice(length: end + 1 - chunk.readerIndex)
        else {
            self.partial.writeBuffer(&chunk)
            return
        }
        if self.partial.readableBytes > 0 {
            self.partial.writeBuffer(&lines)
            swap(&self.partial, &lines)
        }
        self.partial = chunk
        context.write(self.wrapOutboundOut(lines), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
