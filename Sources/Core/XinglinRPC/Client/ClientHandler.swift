internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// The client's end of the pipeline: tells of the handshake, and hands lines on.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let replies: Replies
    private let server: String
    /// The DNS name that the certificate must bear; nil where the address was checked.
    private let expectedName: String?
    /// Kept when the handshake is done; nil from then on.
    private var ready: EventLoopPromise<Void>?
    private var failure: LineClientError?
    private var framer: LineFramer

    /// - Parameter limit: the longest reply line that is taken.
    init(replies: Replies, server: String, expectedName: String?, ready: EventLoopPromise<Void>, limit: Int = 64 << 20)
    {
        self.replies = replies
        self.server = server
        self.expectedName = expectedName
        self.ready = ready
        self.framer = LineFramer(limit: limit)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            if self.isNameRight(context) {
                self.ready?.succeed(())
                self.ready = nil
            } else {
                self.errorCaught(context: context, error: NIOSSLExtraError.failedToValidateHostname)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func isNameRight(_ context: ChannelHandlerContext) -> Bool {
        guard let expectedName = self.expectedName else { return true }
        let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
        return tls?.peerCertificate.map { CertificateName.isMadeOut($0, to: expectedName) } ?? false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.unwrapInboundIn(data).withUnsafeReadableBytes { self.framer.append($0) }
        while let event = self.framer.next() {
            switch event {
            case .line(let line): self.replies.received(line)
            case .oversize:
                self.failure = .closed("a line of the server is too long")
                context.close(promise: nil)
                return
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let ready = self.ready {
            self.ready = nil
            ready.fail(LineClientError.connecting(error, server: self.server))
        }
        // In TLS 1.3 the server's verdict on the client's certificate comes after the client's handshake is done.
        self.failure = self.failure ?? LineClientError.refusal(of: error)
        // A server that just closes its socket has still ended the stream; lines are whole or not there.
        if case NIOSSLError.uncleanShutdown = error { return }
        self.failure = self.failure ?? .closed("\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.ready?.fail(LineClientError.cannotConnect("\(self.server) closed the connection during the handshake"))
        self.ready = nil
        self.replies.ended(self.failure)
        context.fireChannelInactive()
    }
}
