import Synchronization
import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("From line to line")
struct LineProcessorTests {
    private let connection = RPCConnection(id: 1, peerAddress: "127.0.0.1")

    @Test("counts the calls of a line")
    func counts() {
        let processor = LineProcessor(service: SampleService())
        func count(_ line: String) -> Int {
            processor.handle(line: Array(line.utf8), on: self.connection) { _ in }
        }
        #expect(count(#"{"jsonrpc":"2.0","method":"get_data","id":1}"#) == 1)
        #expect(count(#"{"jsonrpc":"2.0","method":"update"}"#) == 1)
        #expect(count(#"[{"jsonrpc":"2.0","method":"update"},1,{"jsonrpc":"2.0","method":"update"}]"#) == 3)
        #expect(count("nonsense") == 1)
    }

    @Test("a batch may hold as many requests as the setting says")
    func batchLimit() throws {
        let processor = LineProcessor(service: SampleService(), batch: 3, locale: .en)
        let element = #"{"jsonrpc":"2.0","method":"get_data","id":1}"#
        func batch(_ count: Int) -> String {
            "[" + Array(repeating: element, count: count).joined(separator: ",") + "]"
        }
        #expect(try processor.reply(to: batch(3))?.arrayValue?.count == 3)
        let refused = try processor.reply(to: batch(4))
        #expect(refused?["error"]?["data"]?["reason"] == "host.invalidRequest")
        #expect(refused?["id"] == .null)
    }

    @Test("each call of a batch knows its share of the reply before it does its work", arguments: [1, 2, 50, 100])
    func shares(count: Int) throws {
        let seen = Mutex<[Int]>([])
        let service = SharesService { bytes in seen.withLock { $0.append(bytes) } }
        let processor = LineProcessor(service: service, replyBytes: 1_000_000)
        let id = String(repeating: "x", count: 1_000)
        let call = #"{"jsonrpc":"2.0","method":"fill","id":"\#(id)"}"#
        let line = "[" + Array(repeating: call, count: count).joined(separator: ",") + "]"
        let reply = try #require(try processor.reply(to: line)?.arrayValue)
        // Every call used its whole share, with the longest ids, and none was cut.
        #expect(reply.count == count)
        #expect(reply.allSatisfy { $0["result"] != nil })
        #expect(seen.withLock { $0.count } == count)
    }

    @Test("a batch is answered once the last of its calls is, in order of completion")
    func batchWaits() throws {
        let service = SampleService()
        let processor = LineProcessor(service: service)
        let sent = Mutex<[String]>([])
        let line = """
            [{"jsonrpc":"2.0","method":"hold","params":{"n":1},"id":1},{"jsonrpc":"2.0","method":"hold","params":{"n":9}},\
            {"jsonrpc":"2.0","method":"get_data","id":2},{"jsonrpc":"2.0","method":"hold","params":{"n":3},"id":3}]
            """
        processor.handle(line: Array(line.utf8), on: self.connection) { bytes in
            sent.withLock { $0.append(String(decoding: bytes ?? [], as: UTF8.self)) }
        }
        service.release()
        service.release()
        #expect(sent.withLock { $0 }.isEmpty)
        service.release()
        let reply =
            #"[{"jsonrpc":"2.0","result":["hello",5],"id":2},{"jsonrpc":"2.0","result":1,"id":1},{"jsonrpc":"2.0","result":3,"id":3}]"#
        #expect(sent.withLock { $0 } == [reply + "\n"])
    }

    @Test("a second answer to one call is passed over")
    func answeredTwice() {
        final class Eager: RPCService {
            func opened(_ connection: RPCConnection) {}
            func closed(_ connection: RPCConnection, wasReset: Bool) {}
            func call(
                _ request: RPCRequest, on connection: RPCConnection, answer: @escaping @Sendable (RPCAnswer) -> Void
            ) {
                answer(.result(Array("1".utf8)))
                answer(.result(Array("2".utf8)))
            }
        }
        let reply = LineProcessor(service: Eager()).replyBytes(to: #"{"jsonrpc":"2.0","method":"m","id":1}"#)
        #expect(reply == Array(("{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":1}\n").utf8))
    }

    @Test("a result over the limit becomes replyTooLarge, one at the limit does not")
    func replyLimit() throws {
        let processor = LineProcessor(service: SampleService(), replyBytes: 2000, locale: .en)
        func call(_ bytes: Int) -> String {
            #"{"jsonrpc":"2.0","method":"big","params":{"bytes":\#(bytes)},"id":1}"#
        }
        let around = #"{"jsonrpc":"2.0","result":,"id":1}"#.utf8.count + 3
        #expect(try #require(processor.replyBytes(to: call(2000 - around))).count <= 2000)
        #expect(try processor.reply(to: call(2000 - around))?["result"] != nil)
        let refused = try processor.reply(to: call(2001 - around))
        #expect(refused?["error"]?["data"]?["reason"] == "host.replyTooLarge")
        #expect(refused?["id"] == 1)
    }

    @Test("in a batch only the elements that do not fit are replaced, and the reply keeps to the limit")
    func batchReplyLimit() throws {
        let processor = LineProcessor(service: SampleService(), replyBytes: 10_000, locale: .en)
        let elements = [300, 4500, 4500, 4500, 300].enumerated().map { index, bytes in
            #"{"jsonrpc":"2.0","method":"big","params":{"bytes":\#(bytes)},"id":\#(index)}"#
        }
        let bytes = try #require(processor.replyBytes(to: "[" + elements.joined(separator: ",") + "]"))
        #expect(bytes.count <= 10_000)
        let replies = try #require(try JSONReader.parse(bytes).arrayValue)
        #expect(replies.map { $0["id"] } == [0, 1, 2, 3, 4])
        #expect(replies.map { $0["result"] != nil } == [true, true, false, false, true])
    }

    @Test("the error object has the contract's members", arguments: Locale.allCases)
    func errorObject(locale: Locale) throws {
        let fault = HostFault.busy.fault(["a": 1])
        let tree = try JSONReader.parse(ErrorObject.bytes(fault, locale: locale, trace: "t1"))
        let expected: JSONValue = [
            "code": -32003, "message": .string(HostFault.busy.message[locale]),
            "data": [
                "reason": "host.busy", "details": ["a": 1], "hint": .string(HostFault.busy.hint[locale]),
                "retryable": true,
                "trace": "t1",
            ],
        ]
        #expect(tree == expected)
        let bare = try JSONReader.parse(ErrorObject.bytes(HostFault.busy.fault(), locale: locale, trace: "t1"))
        #expect(bare["data"]?["details"] == nil)
    }

    @Test("errors about the line carry a trace and come in the host's language")
    func lineErrors() throws {
        let reply = try LineProcessor(service: SampleService(), locale: .zh).reply(to: "{")
        #expect(reply?["error"]?["message"] == .string(HostFault.parseError.message.zh))
        let trace = try #require(reply?["error"]?["data"]?["trace"]?.stringValue)
        #expect(trace.count == 32 && trace.allSatisfy(\.isHexDigit))
    }
}

/// Answers every call with a result as long as its share.
private final class SharesService: RPCService {
    private let report: @Sendable (Int) -> Void

    init(_ report: @escaping @Sendable (Int) -> Void) {
        self.report = report
    }

    func opened(_ connection: RPCConnection) {}
    func closed(_ connection: RPCConnection, wasReset: Bool) {}

    func call(_ request: RPCRequest, on connection: RPCConnection, answer: @escaping @Sendable (RPCAnswer) -> Void) {
        self.report(request.resultBytes)
        answer(.result(Array(("\"" + String(repeating: "x", count: request.resultBytes - 2) + "\"").utf8)))
    }
}
