import Synchronization
import XinglinKit
import XinglinRPC

/// A small service: the methods of the JSON-RPC specification's examples, and some that tests steer.
final class SampleService: RPCService {
    enum Event: Equatable, Sendable {
        case opened
        case called(String)
        case closed(wasReset: Bool)
    }

    private struct Held {
        let minuend: Int64
        let answer: @Sendable (RPCAnswer) -> Void
    }

    private struct State {
        var held: [Held] = []
        var underWay = 0
        var mostUnderWay = 0
        var calls = 0
        var certificates: [[UInt8]?] = []
    }

    let events: AsyncStream<Event>
    private let report: AsyncStream<Event>.Continuation
    private let state = Mutex(State())

    init() {
        (self.events, self.report) = AsyncStream.makeStream()
    }

    /// How many calls were under way at the most.
    var mostUnderWay: Int { self.state.withLock { $0.mostUnderWay } }
    var calls: Int { self.state.withLock { $0.calls } }

    /// What the connections have shown, in the order in which they were opened.
    var certificates: [[UInt8]?] { self.state.withLock { $0.certificates } }

    func opened(_ connection: RPCConnection) {
        self.state.withLock { $0.certificates.append(connection.peerCertificate) }
        self.report.yield(.opened)
    }

    func closed(_ connection: RPCConnection, wasReset: Bool) { self.report.yield(.closed(wasReset: wasReset)) }

    func call(_ request: RPCRequest, on connection: RPCConnection, answer: @escaping @Sendable (RPCAnswer) -> Void) {
        self.state.withLock { state in
            state.calls += 1
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
        let finish: @Sendable (RPCAnswer) -> Void = { result in
            self.state.withLock { $0.underWay -= 1 }
            answer(result)
        }
        if request.method == "identify" || request.method == "forget" {
            connection.identify(request.method == "identify")
        }
        let params = (try? JSONReader.parse(request.params)) ?? .null
        if request.method == "hold" {
            self.state.withLock { $0.held.append(Held(minuend: params["n"]?.integerValue ?? 0, answer: finish)) }
        } else {
            finish(Self.answer(request.method, params))
        }
        self.report.yield(.called(request.method))
    }

    /// Answers the oldest held call with its number.
    func release() {
        let held = self.state.withLock { $0.held.isEmpty ? nil : $0.held.removeFirst() }
        guard let held else { return }
        held.answer(.result(Array("\(held.minuend)".utf8)))
    }

    private static func answer(_ method: String, _ params: JSONValue) -> RPCAnswer {
        switch method {
        case "subtract", "sum", "big":
            guard case .object = params else { return self.error(Fault.invalid("", expected: "an object")) }
            if method == "big" { return .result(self.filler(Int(params["bytes"]?.integerValue ?? 0))) }
            let difference = (params["minuend"]?.integerValue ?? 0) - (params["subtrahend"]?.integerValue ?? 0)
            return .result(Array("\(difference)".utf8))
        case "update", "notify_hello", "identify", "forget": return .result(Array("null".utf8))
        case "get_data": return .result(Array(#"["hello",5]"#.utf8))
        default: return self.error(HostFault.methodNotFound.fault())
        }
    }

    private static func error(_ fault: Fault) -> RPCAnswer {
        .error(ErrorObject.bytes(fault, locale: .en, trace: "t"))
    }

    /// A JSON string of so many bytes.
    private static func filler(_ bytes: Int) -> [UInt8] {
        [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: "x"), count: max(0, bytes - 2)) + [UInt8(ascii: "\"")]
    }
}

extension LineProcessor {
    /// The reply to a line whose calls are all answered at once, as a tree; nil where nothing is sent.
    func reply(to line: String) throws -> JSONValue? {
        guard let bytes = self.replyBytes(to: line) else { return nil }
        return try JSONReader.parse(bytes)
    }

    /// The same as bytes.
    func replyBytes(to line: String) -> [UInt8]? {
        let sent = Mutex<[[UInt8]?]>([])
        self.handle(line: Array(line.utf8), on: RPCConnection(id: 1, peerAddress: "")) { bytes in
            sent.withLock { $0.append(bytes) }
        }
        let all = sent.withLock { $0 }
        precondition(all.count == 1, "a line is answered once, not \(all.count) times")
        return all[0]
    }
}
