internal import DecoctionPieces
internal import Example
internal import Membership
internal import People
internal import Synchronization
internal import XinglinKit
@testable import XinglinHost
@testable import XinglinRPC

/// Every line gets exactly one well-formed answer of JSON-RPC 2.0, or none where it holds notifications only; nothing is answered
/// as the host's own failure. The methods are those of the host and of four modules, with their real schemas and types.
struct DispatcherTarget: FuzzTarget {
    private let service: JudgingService
    private let processor: LineProcessor
    private static let lineBytes = 65_536
    private static let batch = 8
    private static let replyBytes = 100_000

    init() {
        do {
            var registry = Registry(
                [
                    .found(PeopleModule.self), .found(DecoctionPiecesModule.self), .found(MembershipModule.self),
                    .found(ExampleModule.self),
                ],
                settings: [:])
            expect(registry.runningModules.count == 4, "\(registry.sortedModules.compactMap(\.quarantine))")
            try registry.addHost(HostMethods.all)
            self.service = try JudgingService(registry)
            self.processor = LineProcessor(service: self.service, batch: Self.batch, replyBytes: Self.replyBytes)
        } catch {
            violated("no registry: \(error)")
        }
    }

    /// The examples of every method as calls, and some batches.
    func seeds() throws -> [String: [UInt8]] {
        var seeds: [String: [UInt8]] = [:]
        for method in self.service.registry.sortedMethods {
            for (number, example) in try method.examples().enumerated() {
                guard case .object(var params) = example.params else { continue }
                params["_meta"] = ["site": "t1", "deadlineMs": 5000, "locale": "en"]
                let call: JSONValue = [
                    "jsonrpc": "2.0", "id": .integer(Int64(number)), "method": .string(method.name),
                    "params": .object(params),
                ]
                seeds["seed-\(method.name)-\(number)"] = Array((call.canonicalText + "\n").utf8)
            }
        }
        return seeds
    }

    func check(_ bytes: [UInt8]) {
        // A last line break, so that the last line is one too.
        let stream = bytes + [0x0A]
        for number in UInt64(0)...1 {
            let connection = RPCConnection(id: number, peerAddress: "192.0.2.1")
            var framer = LineFramer(limit: Self.lineBytes)
            stream.withUnsafeBytes { framer.append($0) }
            while case .line(let line) = framer.next() { self.check(line, on: connection) }
        }
    }

    private func check(_ line: [UInt8], on connection: RPCConnection) {
        let answers = Mutex<[[UInt8]?]>([])
        let count = self.processor.handle(line: line, on: connection) { answer in answers.withLock { $0.append(answer) }
        }
        expect(count >= 1, "a line counts as a call at least")
        let given = answers.withLock { $0 }
        expect(given.count == 1, "a line gets one answer and no more")
        let expected = Expectation(of: line, batch: Self.batch)
        guard case .some(.some(let reply)) = given.first else {
            expect(expected.ids.isEmpty && !expected.isParseError, "only notifications get no answer")
            return
        }
        expect(reply.count <= Self.replyBytes, "a reply keeps to its limit")
        expect(reply.last == 0x0A && !reply.dropLast().contains(0x0A), "a reply is one line")
        guard let tree = try? JSONReader.parse(reply) else { violated("a reply is JSON") }
        let elements = expected.isBatch ? tree.arrayValue : [tree]
        guard let elements else { violated("a batch is answered by an array") }
        expect(
            Self.counted(elements.map { $0["id"] ?? "none" }) == Self.counted(expected.ids), "each id is answered once")
        for element in elements { self.check(element, isParseError: expected.isParseError) }
    }

    private func check(_ element: JSONValue, isParseError: Bool) {
        expect(element["jsonrpc"] == "2.0", "a reply names its version")
        expect(element.objectValue?.count == 3, "a reply has three members")
        guard let error = element["error"] else {
            expect(element["result"] != nil && !isParseError, "a reply has a result or an error")
            return
        }
        expect(
            error["code"]?.integerValue != nil && error["message"]?.stringValue?.isEmpty == false,
            "an error is complete")
        expect(error["data"]?["trace"]?.stringValue?.count == 32, "an error has a trace")
        expect(error["data"]?["reason"]?.stringValue?.isEmpty == false, "an error has a reason")
        if isParseError { expect(error["code"] == -32700, "what is no JSON is a parse error") }
    }

    private static func counted(_ ids: [JSONValue]) -> [JSONValue: Int] {
        ids.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

/// What must come back for a line, judged on the parsed tree and not by the reader of envelopes.
private struct Expectation {
    var ids: [JSONValue] = []
    var isBatch = false
    var isParseError = false

    init(of line: [UInt8], batch: Int) {
        guard let tree = try? JSONReader.parse(line) else {
            // Of a batch that is too long the rest is not looked at: it may not even be JSON.
            self.isParseError = Self.mayBeLong(line, batch) ? false : true
            self.ids = [.null]
            return
        }
        guard case .array(let elements) = tree else {
            self.ids = Self.id(tree).map { [$0] } ?? []
            return
        }
        guard !elements.isEmpty, elements.count <= batch else {
            self.ids = [.null]
            return
        }
        self.isBatch = true
        self.ids = elements.compactMap { Self.id($0) }
    }

    private static func mayBeLong(_ line: [UInt8], _ batch: Int) -> Bool {
        line.first { ![0x20, 0x09, 0x0D].contains($0) } == UInt8(ascii: "[")
            && line.count { $0 == UInt8(ascii: ",") } >= batch
    }

    /// The id that is echoed; nil for a notification.
    private static func id(_ call: JSONValue) -> JSONValue? {
        guard case .object(let members) = call else { return .null }
        let isNotification =
            members["jsonrpc"] == "2.0" && members["method"]?.stringValue != nil && Self.isParams(members["params"])
        switch members["id"] {
        case nil: return isNotification ? nil : .null
        case .bool, .array, .object: return .null
        case .some(let id): return id
        }
    }

    private static func isParams(_ params: JSONValue?) -> Bool {
        switch params {
        case nil, .array, .object: true
        default: false
        }
    }
}
