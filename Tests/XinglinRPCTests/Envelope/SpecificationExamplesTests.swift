import Testing
import XinglinKit

@testable import XinglinRPC

/// The examples of section 7 of the JSON-RPC 2.0 specification. Params are taken by name only: the examples with params by
/// position are refused with -32602 where the method exists.
@Suite("The examples of the JSON-RPC 2.0 specification")
struct SpecificationExamplesTests {
    private let processor = LineProcessor(service: SampleService(), locale: .en)

    @Test("rpc call with positional parameters: refused, ours are by name")
    func positional() throws {
        for line in [
            #"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#,
            #"{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 1}"#,
        ] {
            #expect(try self.error(line) == Outcome(id: 1, code: -32602))
        }
    }

    @Test("rpc call with named parameters")
    func named() throws {
        let first = try self.processor.reply(
            to: #"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#)
        #expect(first == ["jsonrpc": "2.0", "result": 19, "id": 3])
        let second = try self.processor.reply(
            to: #"{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}"#)
        #expect(second == ["jsonrpc": "2.0", "result": 19, "id": 4])
    }

    @Test(
        "a notification",
        arguments: [
            #"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#,
            #"{"jsonrpc": "2.0", "method": "foobar"}"#,
        ])
    func notification(line: String) throws {
        #expect(try self.processor.reply(to: line) == nil)
    }

    @Test("rpc call of non-existent method")
    func nonExistent() throws {
        #expect(
            try self.error(#"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#) == Outcome(id: "1", code: -32601))
    }

    @Test("rpc call with invalid JSON")
    func invalidJSON() throws {
        #expect(
            try self.error(#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#)
                == Outcome(id: nil, code: -32700))
    }

    @Test("rpc call with invalid Request object")
    func invalidRequest() throws {
        #expect(
            try self.error(#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#) == Outcome(id: nil, code: -32600))
    }

    @Test("rpc call Batch, invalid JSON")
    func batchInvalidJSON() throws {
        let line = #"[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},{"jsonrpc": "2.0", "method"]"#
        #expect(try self.error(line) == Outcome(id: nil, code: -32700))
    }

    @Test("rpc call with an empty Array")
    func emptyBatch() throws {
        #expect(try self.error("[]") == Outcome(id: nil, code: -32600))
    }

    @Test("rpc call with an invalid Batch (but not empty)")
    func invalidBatch() throws {
        #expect(try self.errors("[1]") == [Outcome(id: nil, code: -32600)])
    }

    @Test("rpc call with invalid Batch")
    func invalidBatchOfThree() throws {
        #expect(try self.errors("[1,2,3]") == Array(repeating: Outcome(id: nil, code: -32600), count: 3))
    }

    @Test("rpc call Batch")
    func batch() throws {
        let line = """
            [{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},\
            {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},\
            {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},\
            {"foo": "boo"},\
            {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},\
            {"jsonrpc": "2.0", "method": "get_data", "id": "9"}]
            """
        let replies = try #require(try self.processor.reply(to: line)?.arrayValue)
        #expect(replies.count == 5)
        #expect(replies.last == ["jsonrpc": "2.0", "result": ["hello", 5], "id": "9"])
        #expect(
            replies.dropLast().map { Outcome($0) } == [
                Outcome(id: "1", code: -32602), Outcome(id: "2", code: -32602), Outcome(id: nil, code: -32600),
                Outcome(id: "5", code: -32601),
            ])
    }

    @Test("rpc call Batch (all notifications)")
    func allNotifications() throws {
        let line = """
            [{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},\
            {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}]
            """
        #expect(try self.processor.reply(to: line) == nil)
    }

    private struct Outcome: Equatable {
        let id: JSONValue?
        let code: Int64?

        init(id: JSONValue?, code: Int64) {
            self.id = id ?? .null
            self.code = code
        }

        init(_ reply: JSONValue) {
            self.id = reply["id"]
            self.code =
                reply["jsonrpc"] == "2.0" && reply["result"] == nil ? reply["error"]?["code"]?.integerValue : nil
        }
    }

    private func error(_ line: String) throws -> Outcome? {
        try self.processor.reply(to: line).map { Outcome($0) }
    }

    private func errors(_ line: String) throws -> [Outcome]? {
        try self.processor.reply(to: line)?.arrayValue?.map { Outcome($0) }
    }
}
