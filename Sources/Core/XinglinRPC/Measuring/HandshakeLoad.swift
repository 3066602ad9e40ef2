internal import NIOCore
internal import NIOPosix
internal import NIOSSL

extension LoadClient {
    /// Opens and closes connections, so many at a time, each with a full handshake. The recorder is told of every one.
    /// - Throws: `LoadError`.
    public static func handshakes(
        _ concurrency: Int, for duration: Duration, on target: LoadTarget, recorder: any LoadRecorder
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let tls = try target.tls()
            try await group.next().submit { recorder.began() }.get()
            let end = ContinuousClock.now + duration
            try await withThrowingTaskGroup { tasks in
                for number in 0..<concurrency {
                    tasks.addTask {
                        repeat {
                            try await self.handshake(number, target, tls, group.next(), recorder)
                        } while ContinuousClock.now < end
                    }
                }
                try await tasks.waitForAll()
            }
            try await group.next().submit { recorder.ended() }.get()
        } catch {
            try await group.shutdownGracefully()
            throw LoadError(description: "\(target.host):\(target.port): \(error)")
        }
        try await group.shutdownGracefully()
    }

    private static func handshake(
        _ number: Int, _ target: LoadTarget, _ tls: NIOSSLContext, _ loop: any EventLoop, _ recorder: any LoadRecorder
    ) async throws {
        let started = LoadConnection.now
        let channel = try await self.connect(target, tls, on: loop) {
            LoadConnection(nil, number: number, opening: nil, recorder: nil, ready: $0)
        }.get()
        try await loop.submit { recorder.answered(after: LoadConnection.now - started) }.get()
        do {
            try await channel.close().get()
        } catch ChannelError.alreadyClosed {
            // The server was faster.
            return
        }
    }
}
