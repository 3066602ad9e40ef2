import NIOCore
import Synchronization
import Testing
import XinglinKit

@testable import XinglinRPC

struct LoadTests {
    @Test(
        "a template writes request lines with numbers of its ranges, and with what is unique",
        arguments: [
            (nil, "{\"a\":{{3...5}},\"b\":\"{{unique}}\"}"),
            ("{\"site\":\"t1\"}", "{ \"a\":{{3...5}},\"b\":\"{{unique}}\"}"),
        ])
    func templateVaries(meta: String?, params: String) throws {
        let template = try LoadTemplate(method: "m", params: params, meta: meta)
        var numbers = LoadNumbers(seed: 7, connection: 0)
        var seen: Set<Int64> = []
        var unique: Set<String> = []
        for id in 0..<100 {
            var buffer = ByteBuffer()
            template.write(id: id, to: &buffer, &numbers)
            #expect(buffer.readableBytesView.last == 0x0A)
            let tree = try JSONReader.parse(Array(buffer.readableBytesView.dropLast()))
            #expect(tree["id"] == .integer(Int64(id)))
            #expect(tree["method"] == "m")
            #expect(tree["params"]?["_meta"]?["site"]?.stringValue == (meta == nil ? nil : "t1"))
            seen.insert(try #require(tree["params"]?["a"]?.integerValue))
            unique.insert(try #require(tree["params"]?["b"]?.stringValue))
        }
        #expect(seen == [3, 4, 5])
        #expect(unique.count == 100)
    }

    @Test("the meta of a request without params stands alone")
    func emptyParams() throws {
        var buffer = ByteBuffer()
        var numbers = LoadNumbers(seed: 7, connection: 0)
        try LoadTemplate(method: "m", params: "{}", meta: "{\"site\":\"t1\"}").write(id: 0, to: &buffer, &numbers)
        let line = String(buffer: buffer)
        #expect(line == #"{"jsonrpc":"2.0","method":"m","params":{"_meta":{"site":"t1"}},"id":0}"# + "\n")
    }

    @Test(
        "what is no template is refused",
        arguments: [
            "", "[]", "{", "{{1...2}}", "{\"a\":{{2...1}}}", "{\"a\":{{x}}}", "{\"a\":{{1..2}}}", "{\"a\":\n1}",
        ])
    func refusals(params: String) {
        #expect(throws: LoadTemplate.Refusal.self) { try LoadTemplate(method: "m", params: params) }
    }

    @Test(
        "replies are told apart, whether in the host's own form or another",
        arguments: [
            (#"{"jsonrpc":"2.0","result":{"id":7},"id":12}"#, 12, nil),
            (#"{"jsonrpc":"2.0","method":"host.ping","params":{},"id":0}"#, 0, nil),
            (#"{"id":3,"result":true,"jsonrpc":"2.0"}"#, 3, nil),
            (
                #"{"jsonrpc":"2.0","error":{"code":-32003,"message":"","data":{"reason":"host.busy"}},"id":4}"#, 4,
                "host.busy"
            ),
            (#"{"jsonrpc":"2.0","error":{"code":-32603,"message":""},"id":null}"#, nil, "an error without a reason"),
            (#"{"jsonrpc":"2.0","result":{"id":7"#, nil, "a reply that is no JSON"),
            (#"}"#, nil, "a reply that is no JSON"),
            (#""#, nil, "a reply that is no JSON"),
        ] as [(String, Int?, String?)])
    func replies(line: String, id: Int?, reason: String?) {
        let reply = Array(line.utf8).withUnsafeBytes { LoadReply($0) }
        #expect(reply.id == id)
        #expect(reply.outcome == reason.map { .refused($0) } ?? .done)
    }

    @Test("a load is answered on every connection, as deep as it is told, and refusals are counted by reason")
    func loads() async throws {
        try await SampleServer.run { sample in
            let target = LoadTarget(host: "127.0.0.1", port: sample.server.boundPort, caFile: sample.authority.caFile)
            var plan = LoadPlan(try LoadTemplate(method: "sum", params: #"{"a":{{1...9}},"b":1}"#))
            plan.connections = 3
            plan.depth = 4
            plan.warmUp = .milliseconds(20)
            plan.duration = .milliseconds(200)
            let recorder = Counts()
            try await LoadClient.run(plan, on: target, recorder: recorder)
            let counts = recorder.counts
            #expect(counts.answered + counts.refused.values.reduce(0, +) > 3 * 4)
            #expect(counts.lost.isEmpty)
            let unknown = Counts()
            try await LoadClient.run(
                LoadPlan(try LoadTemplate(method: "no.such.method", params: "{}")).brief, on: target, recorder: unknown)
            #expect(unknown.counts.answered == 0)
            #expect(unknown.counts.refused.keys.sorted() == ["host.methodNotFound"])
        }
    }

    @Test("the echo sends every line back, and a line that comes in parts once it is whole")
    func echoes() async throws {
        let authority = try SampleAuthority()
        defer { authority.remove() }
        let echo = LineEcho(
            LineServerSettings(
                host: "127.0.0.1", port: 0, certificateFile: authority.certificateFile, keyFile: authority.keyFile))
        let port = try await echo.start()
        let recorder = Counts()
        var plan = LoadPlan(try LoadTemplate(method: "host.ping", params: "{}")).brief
        plan.depth = 500
        try await LoadClient.run(
            plan, on: LoadTarget(host: "127.0.0.1", port: port, caFile: authority.caFile), recorder: recorder)
        #expect(recorder.counts.answered > 500)
        #expect(recorder.counts.refused.isEmpty && recorder.counts.lost.isEmpty)
        try await echo.stop()
    }

    @Test("handshakes are counted, and idle connections are there while they are wanted")
    func connections() async throws {
        try await SampleServer.run { sample in
            let target = LoadTarget(host: "127.0.0.1", port: sample.server.boundPort, caFile: sample.authority.caFile)
            let recorder = Counts()
            try await LoadClient.handshakes(2, for: .milliseconds(100), on: target, recorder: recorder)
            #expect(recorder.counts.answered >= 2)
            try await LoadClient.idle(40, on: target, opening: nil) {
                #expect(sample.server.connectionCount >= 40)
            }
        }
    }

    @Test("where nothing listens, the load says so")
    func nothingListens() async throws {
        let authority = try SampleAuthority()
        defer { authority.remove() }
        let plan = LoadPlan(try LoadTemplate(method: "host.ping", params: "{}"))
        await #expect(throws: LoadError.self) {
            try await LoadClient.run(
                plan, on: LoadTarget(host: "127.0.0.1", port: 1, caFile: authority.caFile), recorder: Counts())
        }
    }
}

extension LoadPlan {
    /// A tenth of a second.
    fileprivate var brief: LoadPlan {
        var plan = self
        plan.warmUp = .zero
        plan.duration = .milliseconds(100)
        return plan
    }
}

/// Counts what a load reports.
private final class Counts: LoadRecorder {
    struct State {
        var answered = 0
        var refused: [String: Int] = [:]
        var lost: [String] = []
    }
    private let state = Mutex(State())

    var counts: State { self.state.withLock { $0 } }

    func began() {}
    func ended() {}
    func answered(after nanoseconds: UInt64) { self.state.withLock { $0.answered += 1 } }
    func refused(_ reason: String, after nanoseconds: UInt64) {
        self.state.withLock { $0.refused[reason, default: 0] += 1 }
    }
    func lost(_ reason: String) { self.state.withLock { $0.lost.append(reason) } }
}
