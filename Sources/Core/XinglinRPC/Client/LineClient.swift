internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import XinglinKit

/// A JSON-RPC client over TLS. Calls may run at the same time.
public final class LineClient: Sendable {
    private let channel: any Channel
    private let replies: Replies

    private init(_ channel: any Channel, _ replies: Replies) {
        self.channel = channel
        self.replies = replies
    }

    /// Connects and checks the server's certificate: its chain, and that it is made out to the server's name or address.
    /// - Parameters:
    ///   - caFile: the certificate authority to trust (PEM); nil trusts those of the system.
    ///   - serverName: the name to expect in the certificate, where it is not `host`. With an address, the address connected to is expected.
    ///   - identity: the client's own certificate, where it has one.
    /// - Throws: `LineClientError`.
    public static func connect(
        host: String, port: Int, caFile: String?, serverName: String? = nil, identity: ClientIdentity? = nil,
        timeoutSeconds: Int = 10
    ) async throws -> LineClient {
        let server = "\(host):\(port)"
        let name = serverName ?? host
        let dnsName = isAddress(name) ? nil : name
        let tls = try Self.tls(caFile, identity)
        let replies = Replies()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let ready = loop.makePromise(of: Void.self)
        let timeout = TimeAmount.seconds(Int64(timeoutSeconds))
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: tls, serverHostname: dnsName)
                    try channel.pipeline.syncOperations.addHandlers(
                        handler, ClientHandler(replies: replies, server: name, expectedName: dnsName, ready: ready))
                }
            }
        do {
            let channel = try await bootstrap.connect(host: host, port: port).get()
            let late = loop.scheduleTask(in: timeout) {
                ready.fail(LineClientError.cannotConnect("\(server) does not complete the TLS handshake in time"))
                channel.close(promise: nil)
            }
            try await ready.futureResult.get()
            late.cancel()
            return LineClient(channel, replies)
        } catch {
            ready.fail(error)
            throw LineClientError.connecting(error, server: server)
        }
    }

    /// Calls a method.
    /// - Parameter params: the JSON of an object.
    /// - Returns: the result's or the error object's JSON.
    /// - Throws: `LineClientError` where no answer comes, `CancellationError`.
    public func call(method: String, params: [UInt8] = Array("{}".utf8)) async throws -> RPCAnswer {
        let id = self.replies.newID()
        var writer = JSONWriter(reserving: params.count + method.utf8.count + 64)
        writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
        writer.integer(id)
        writer.raw(",\"method\":")
        writer.string(method)
        writer.raw(",\"params\":")
        writer.raw(params)
        writer.raw("}\n")
        let line = writer.bytes
        return try await self.replies.answer(to: id) {
            self.channel.writeAndFlush(ByteBuffer(bytes: line), promise: nil)
        }
    }

    /// Sends bytes as they are, for tests of the wire.
    public func send(line: some Sequence<UInt8> & Sendable) async throws {
        do {
            try await self.channel.writeAndFlush(ByteBuffer(bytes: line)).get()
        } catch {
            throw LineClientError.closed("\(error)")
        }
    }

    /// The next line that answers no `call`, without its line break; nil when the server has ended the connection.
    public func nextLine() async throws -> [UInt8]? {
        try await self.replies.nextLine()
    }

    /// Says that nothing more will be sent; answers still come.
    public func endInput() async throws {
        try await self.channel.close(mode: .output).get()
    }

    /// Closes the connection.
    public func close() async {
        // Closing what is closed already is no error to anybody.
        try? await self.channel.close().get()
    }

    /// Stops or goes on reading, for tests of clients that do not read.
    func setReading(_ isReading: Bool) async throws {
        try await self.channel.setOption(.autoRead, value: isReading).get()
    }

    /// Cuts the connection without an orderly end, for tests of resets.
    func reset() async throws {
        if let options = self.channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await self.channel.pipeline.context(handlerType: NIOSSLClientHandler.self).flatMap { $0.close() }.get()
    }

    private static func tls(_ caFile: String?, _ identity: ClientIdentity?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        try identity?.show(in: &configuration)
        if let caFile { configuration.trustRoots = .file(caFile) }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw LineClientError.certificateNotTrusted(
                "cannot read \(caFile ?? "the system's certificates"): \(error)")
        }
    }
}

private func isAddress(_ name: String) -> Bool {
    (try? SocketAddress(ipAddress: name, port: 0)) != nil
}
