internal import Synchronization

/// What has come from the server and who waits for it. One per client, used from the event loop and from tasks.
final class Replies: Sendable {
    private struct State {
        var lastID: Int64 = 0
        var calls: [Int64: CheckedContinuation<RPCAnswer, any Error>] = [:]
        /// Lines that answer no call, for `nextLine`.
        var lines: [[UInt8]] = []
        var readers: [(id: Int64, continuation: CheckedContinuation<[UInt8]?, any Error>)] = []
        /// Set once nothing more can come; an orderly end has no error.
        var end: Result<Void, LineClientError>?
    }

    private let state = Mutex(State())

    func newID() -> Int64 {
        self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    /// Waits for the answer to a call; `send` is run once it is waited for.
    func answer(to id: Int64, send: () -> Void) async throws -> RPCAnswer {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let end = self.state.withLock { state in
                    if state.end == nil { state.calls[id] = continuation }
                    return state.end
                }
                switch end {
                case nil: Task.isCancelled ? self.cancelCall(id) : send()
                case .success?: continuation.resume(throwing: LineClientError.closed("the server ended it"))
                case .failure(let error)?: continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            self.cancelCall(id)
        }
    }

    /// The next line that answers no call; nil at the end.
    func nextLine() async throws -> [UInt8]? {
        let id = self.newID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<[UInt8]?, any Error>? = self.state.withLock { state in
                    if !state.lines.isEmpty { return .success(state.lines.removeFirst()) }
                    switch state.end {
                    case .success?: return .success(nil)
                    case .failure(let error)?: return .failure(error)
                    case nil:
                        state.readers.append((id, continuation))
                        return nil
                    }
                }
                if let ready { continuation.resume(with: ready) } else if Task.isCancelled { self.cancelReader(id) }
            }
        } onCancel: {
            self.cancelReader(id)
        }
    }

    /// Hands a line to whoever waits for it.
    func received(_ line: [UInt8]) {
        let reply = ReplyLine(line)
        let resume: (() -> Void)? = self.state.withLock { state in
            if let reply, let call = state.calls.removeValue(forKey: reply.id) {
                return { call.resume(returning: reply.answer) }
            }
            guard !state.readers.isEmpty else {
                state.lines.append(line)
                return nil
            }
            let reader = state.readers.removeFirst().continuation
            return { reader.resume(returning: line) }
        }
        resume?()
    }

    /// Nothing more will come.
    func ended(_ error: LineClientError?) {
        let (calls, readers) = self.state.withLock { state in
            if state.end == nil { state.end = error.map { .failure($0) } ?? .success(()) }
            defer { (state.calls, state.readers) = ([:], []) }
            return (state.calls.values, state.readers)
        }
        let reason = error ?? LineClientError.closed("the server ended it")
        for call in calls { call.resume(throwing: reason) }
        for reader in readers {
            if let error {
                reader.continuation.resume(throwing: error)
            } else {
                reader.continuation.resume(returning: nil)
            }
        }
    }

    private func cancelCall(_ id: Int64) {
        self.state.withLock { $0.calls.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }

    private func cancelReader(_ id: Int64) {
        let reader = self.state.withLock { state in
            state.readers.firstIndex { $0.id == id }.map { state.readers.remove(at: $0) }
        }
        reader?.continuation.resume(throwing: CancellationError())
    }
}

/// A reply line whose id is one of ours.
struct ReplyLine {
    let id: Int64
    let answer: RPCAnswer

    /// Nil where the line is anything else.
    init?(_ line: [UInt8]) {
        var id: Int64?
        var answer: RPCAnswer?
        do throws(JSONSyntaxError) {
            try withBytes(of: line) { (bytes) throws(JSONSyntaxError) in
                var scanner = JSONScanner(bytes, maxDepth: 256)
                guard try scanner.peek() == UInt8(ascii: "{") else { return }
                try scanner.object { (scanner, name) throws(JSONSyntaxError) in
                    let range = try scanner.skipValue()
                    if scanner.isText(name, "id") { id = Int64(String(decoding: bytes[range], as: UTF8.self)) }
                    if scanner.isText(name, "result") { answer = .result(Array(bytes[range])) }
                    if scanner.isText(name, "error") { answer = .error(Array(bytes[range])) }
                }
            }
        } catch {
            return nil
        }
        guard let id, let answer else { return nil }
        (self.id, self.answer) = (id, answer)
    }
}
