import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("Reading envelopes")
struct EnvelopeReaderTests {
    @Test(
        "keeps the id as it was written",
        arguments: [
            "1", "-0", "1.50", "1e2", "123456789012345678901234567890", #""x""#, #""\u0041\/""#, #""""#, "null",
        ])
    func echoesID(id: String) throws {
        let processor = LineProcessor(service: SampleService())
        let line = #"{"jsonrpc":"2.0","method":"get_data","id": \#(id) }"#
        let reply = String(decoding: try #require(processor.replyBytes(to: line)), as: UTF8.self)
        #expect(reply == #"{"jsonrpc":"2.0","result":["hello",5],"id":\#(id)}"# + "\n")
    }

    @Test("refuses an id that JSON-RPC does not allow", arguments: ["true", "false", "[]", "{}", "[1]", #"{"a":1}"#])
    func refusesID(id: String) throws {
        let (answered, fault) = try #require(invalid(#"{"jsonrpc":"2.0","method":"m","id":\#(id)}"#))
        #expect(answered == .null)
        #expect(fault.details?[0]?["pointer"] == "/id")
    }

    @Test("bounds the length of an id")
    func longID() throws {
        let fits = #"{"jsonrpc":"2.0","method":"m","id":"\#(String(repeating: "x", count: 1022))"}"#
        #expect(request(fits)?.id?.json.count == 1024)
        #expect(invalid(#"{"jsonrpc":"2.0","method":"m","id":"\#(String(repeating: "x", count: 1023))"}"#)?.0 == .null)
    }

    @Test(
        "an invalid request is answered under its id where that can be read",
        arguments: [
            (#"{"id":7,"jsonrpc":"1.0","method":"m"}"#, "/jsonrpc"), (#"{"id":7,"method":"m"}"#, "/jsonrpc"),
            (#"{"id":7,"jsonrpc":2.0,"method":"m"}"#, "/jsonrpc"), (#"{"id":7,"jsonrpc":"2.0"}"#, "/method"),
            (#"{"jsonrpc":"2.0","method":null,"id":7}"#, "/method"),
            (#"{"jsonrpc":"2.0","method":"m","params":"bar","id":7}"#, "/params"),
            (#"{"jsonrpc":"2.0","method":"m","params":null,"id":7}"#, "/params"),
            (#"{"jsonrpc":"2.0","method":"m","params":3,"id":7}"#, "/params"),
        ])
    func invalidRequests(line: String, pointer: String) throws {
        let (id, fault) = try #require(invalid(line))
        #expect(id == RequestID(json: Array("7".utf8)))
        #expect(fault.kind == HostFault.invalidRequest)
        #expect(fault.details?[0]?["pointer"] == .string(pointer))
    }

    @Test(
        "a syntax error anywhere refuses the whole line",
        arguments: [
            #"{"jsonrpc":"2.0","method":"m","id":1,"id":2}"#,
            #"{"jsonrpc":"2.0","method":"m","m\u0065thod":"n","id":1}"#,
            #"{"jsonrpc":"2.0","method":"m","id":1,"params":{"a":{"b":1,"b":2}}}"#,
            #"{"jsonrpc":"2.0","method":"m","id":1,"params":{"a":01}}"#,
            #"{"jsonrpc":"2.0","method":"m","id":1,"params":{"_meta":{},"\u005fmeta":{}}}"#,
            #"{"jsonrpc":"2.0","method":"m","id":1} {}"#, #"{"jsonrpc":"2.0","method":"m","id":1,"params":["\uD800"]}"#,
            #"[{"jsonrpc":"2.0","method":"m","id":1},{"x":1,"x":2}]"#, "\u{FEFF}{}",
        ])
    func syntaxErrors(line: String) throws {
        guard case .refused(let fault) = EnvelopeReader(batchLimit: 100).read(Array(line.utf8)) else {
            Issue.record("it was read")
            return
        }
        #expect(fault.kind == HostFault.parseError)
    }

    @Test("finds the members by their unescaped names, in any order, and passes over others")
    func members() throws {
        let line =
            #"{"x":[{}],"p\u0061rams": { "a" : 1 },"\u0069d":5,"method":"a\u002eb","jsonrpc":"2\u002e0","y":null}"#
        let read = try #require(request(line))
        #expect(read.method == "a.b")
        #expect(read.id?.json == Array("5".utf8))
        #expect(read.params == Array(#"{ "a" : 1 }"#.utf8))
    }

    @Test("params are an empty object where they are absent, and arrays are passed on")
    func params() throws {
        #expect(try #require(request(#"{"jsonrpc":"2.0","method":"m"}"#)).params == Array("{}".utf8))
        #expect(try #require(request(#"{"jsonrpc":"2.0","method":"m"}"#)).id == nil)
        #expect(try #require(request(#"{"jsonrpc":"2.0","method":"m","params":[ 1]}"#)).params == Array("[ 1]".utf8))
    }

    @Test("reads _meta")
    func meta() throws {
        let text = #"{"site":"TCM","idempotencyKey":"k\u0031","deadlineMs":500,"locale":"en","traceparent":"00-ab"}"#
        let meta = try #require(self.meta(text))
        let expected = PeekedMeta(
            site: "TCM", idempotencyKey: "k1", deadlineMs: 500, locale: .en, traceparent: "00-ab")
        #expect(meta == expected)
        #expect(try #require(self.meta("{}")) == PeekedMeta())
        #expect(try #require(self.meta("null")) == PeekedMeta())
        #expect(try #require(self.meta(#"{"site":null,"locale":null}"#)) == PeekedMeta())
    }

    @Test("reads _meta only at the top of the params")
    func nestedMeta() throws {
        let read = request(
            #"{"jsonrpc":"2.0","method":"m","params":{"a":{"_meta":{"site":"X"}},"\u005fmeta":{"site":"Y"}}}"#)
        #expect(read?.meta.site == "Y")
    }

    @Test(
        "names the first malformed member of _meta",
        arguments: [
            ("[]", "/_meta"), ("1", "/_meta"), (#"{"site":1}"#, "/_meta/site"), (#"{"site":""}"#, "/_meta/site"),
            (#"{"site":"a\u0000"}"#, "/_meta/site"), (#"{"deadlineMs":"5"}"#, "/_meta/deadlineMs"),
            (#"{"deadlineMs":1.5}"#, "/_meta/deadlineMs"), (#"{"locale":"fr"}"#, "/_meta/locale"),
            (#"{"idempotencyKey":""}"#, "/_meta/idempotencyKey"), (#"{"traceparent":{}}"#, "/_meta/traceparent"),
            (#"{"unknown":1,"traceparent":0}"#, "/_meta/traceparent"), (#"{"a/b~":1}"#, "/_meta/a~1b~0"),
        ])
    func malformedMeta(text: String, pointer: String) throws {
        let meta = try #require(self.meta(text))
        #expect(meta.malformed == pointer)
        #expect(meta.expected != nil)
    }

    @Test("an idempotency key has at most 200 characters")
    func longKey() throws {
        let fits = String(repeating: "麻", count: 200)
        #expect(try #require(self.meta(#"{"idempotencyKey":"\#(fits)"}"#)).idempotencyKey == fits)
        #expect(try #require(self.meta(#"{"idempotencyKey":"\#(fits)x"}"#)).malformed == "/_meta/idempotencyKey")
    }

    private func meta(_ text: String) -> PeekedMeta? {
        request(#"{"jsonrpc":"2.0","method":"m","id":1,"params":{"_meta":\#(text)}}"#)?.meta
    }
}

private func entry(_ line: String) -> RequestLine.Entry? {
    guard case .single(let entry) = EnvelopeReader(batchLimit: 100).read(Array(line.utf8)) else { return nil }
    return entry
}

private func request(_ line: String) -> RPCRequest? {
    guard case .request(let request)? = entry(line) else { return nil }
    return request
}

private func invalid(_ line: String) -> (RequestID, Fault)? {
    guard case .invalid(let id, let fault)? = entry(line) else { return nil }
    return (id, fault)
}
