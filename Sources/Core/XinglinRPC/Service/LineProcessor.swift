public import XinglinKit

/// From one line to one line: reads the envelopes, calls the service and puts the reply together. Knows nothing of sockets.
public final class LineProcessor: Sendable {
    private let service: any RPCService
    private let reader: EnvelopeReader
    private let replyBytes: Int
    /// What a reply needs besides its result: the longest id and the members' names.
    private static let envelopeBytes = RequestID.longest + 64
    /// The language of messages where a call does not name one.
    let locale: Locale
    private let log: Logger?
    private let counters: TrafficCounters?

    /// - Parameters:
    ///   - batch: how many requests one batch may hold.
    ///   - replyBytes: the limit of one reply line.
    ///   - log: where lines that reach no service are noted, under the trace of their answer.
    ///   - counters: where they are counted.
    public init(
        service: any RPCService, batch: Int = 100, replyBytes: Int = 1_000_000, locale: Locale = .zh,
        log: Logger? = nil,
        counters: TrafficCounters? = nil
    ) {
        self.log = log
        self.counters = counters
        self.service = service
        self.reader = EnvelopeReader(batchLimit: batch)
        self.replyBytes = replyBytes
        self.locale = locale
    }

    /// Answers one line. `send` is called exactly once, from any thread and maybe before this returns: with the reply line and
    /// its line break, or with nil where the line held notifications only.
    /// - Returns: how many calls the line holds; each request of a batch counts.
    @discardableResult
    public func handle(
        line: [UInt8], on connection: RPCConnection, send: @escaping @Sendable ([UInt8]?) -> Void
    ) -> Int {
        let prepared = self.prepare(line)
        self.run(prepared, on: connection, refusing: nil, send: send)
        return prepared.callCount
    }

    func prepare(_ line: [UInt8]) -> PreparedLine {
        switch self.reader.read(line) {
        case .single(let entry): PreparedLine(entries: [entry], isBatch: false)
        case .batch(let entries): PreparedLine(entries: entries, isBatch: true)
        case .refused(let fault): PreparedLine(entries: [.invalid(.null, fault)], isBatch: false)
        }
    }

    /// - Parameter refusal: answers every call of the line in place of the service, where the host takes none any more.
    func run(
        _ line: PreparedLine, on connection: RPCConnection, refusing refusal: Fault?,
        send: @escaping @Sendable ([UInt8]?) -> Void
    ) {
        let reply = PendingReply(
            line.entries.map { self.slot($0) }, isBatch: line.isBatch, limit: self.replyBytes, send: send)
        for (index, entry) in line.entries.enumerated() {
            switch entry {
            case .invalid(_, let fault):
                reply.answer(index, self.refusal(fault, on: connection, self.locale))
            case .request(var request):
                request.resultBytes = self.replyBytes / line.entries.count - Self.envelopeBytes
                if let refusal {
                    let locale = request.meta.locale ?? self.locale
                    reply.answer(index, self.refusal(refusal, on: connection, locale))
                } else {
                    self.service.call(request, on: connection) { reply.answer(index, $0) }
                }
            }
        }
    }

    /// The reply line to something that is no request at all.
    func line(refusing fault: Fault, on connection: RPCConnection?) -> [UInt8] {
        PendingReply.element(self.refusal(fault, on: connection, self.locale), id: .null) + [0x0A]
    }

    /// Answers and notes what no service sees.
    private func refusal(_ fault: Fault, on connection: RPCConnection?, _ locale: Locale) -> RPCAnswer {
        let trace = Trace.make()
        self.counters?.refusedOnTheWire(code: fault.kind.code)
        self.log?.info(
            "refused on the wire",
            metadata: [
                "outcome": .string(fault.kind.reason), "peer": .string(connection?.peerAddress ?? ""),
                "trace": .string(trace),
            ])
        return .error(ErrorObject.bytes(fault, locale: locale, trace: trace))
    }

    private func slot(_ entry: RequestLine.Entry) -> PendingReply.Slot {
        switch entry {
        case .invalid(let id, _): PendingReply.Slot(id: id, locale: self.locale)
        case .request(let request): PendingReply.Slot(id: request.id, locale: request.meta.locale ?? self.locale)
        }
    }
}

/// A line that has been read and whose calls are not made yet.
struct PreparedLine: Sendable {
    let entries: [RequestLine.Entry]
    let isBatch: Bool

    var callCount: Int { self.entries.count }
}
