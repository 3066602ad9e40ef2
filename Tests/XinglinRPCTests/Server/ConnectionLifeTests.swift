import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("The life of a connection", .timeLimit(.minutes(10)))
struct ConnectionLifeTests {
    @Test("no more calls are under way than the limit, and none is lost")
    func backPressure() async throws {
        try await SampleServer.run(\.inFlight, 4) { sample in
            let client = try await sample.connect()
            try await client.send(line: (0..<50).flatMap { callLine("hold", "{\"n\":\($0)}", id: 1000 + $0) })
            await sample.wait(for: .called("hold"), times: 4)
            for answered in 0..<50 {
                sample.service.release()
                let reply = try JSONReader.parse(try #require(try await client.nextLine()))
                #expect(reply["result"] == .integer(Int64(answered)))
                if answered < 46 { await sample.wait(for: .called("hold")) }
            }
            #expect(sample.service.mostUnderWay == 4)
            await client.close()
        }
    }

    @Test("each request of a batch counts as a call under way")
    func batchCounts() async throws {
        try await SampleServer.run(\.inFlight, 2) { sample in
            let client = try await sample.connect()
            let element = #"{"jsonrpc":"2.0","method":"hold","id":1}"#
            try await client.send(
                line: Array("[\(element),\(element),\(element)]\n".utf8) + callLine("get_data", id: 2000))
            await sample.wait(for: .called("hold"), times: 3)
            for _ in 0..<3 { sample.service.release() }
            let batch = try JSONReader.parse(try #require(try await client.nextLine()))
            #expect(batch.arrayValue?.count == 3)
            let single = try JSONReader.parse(try #require(try await client.nextLine()))
            #expect(single["id"] == 2000)
            await client.close()
        }
    }

    @Test("more lines than one turn takes are all served, with nobody else to keep the loop going")
    func turns() async throws {
        try await SampleServer.run { sample in
            let client = try await sample.connect()
            for round in 0..<5 {
                try await client.send(line: (0..<2_000).flatMap { callLine("get_data", id: 10_000 * round + $0) })
                var ids: Set<JSONValue> = []
                for _ in 0..<2_000 {
                    let reply = try JSONReader.parse(try #require(try await client.nextLine()))
                    if let id = reply["id"] { ids.insert(id) }
                }
                #expect(ids.count == 2_000)
            }
            await client.close()
        }
    }

    @Test("a session gives longer lines and more calls in flight, and takes them away again")
    func identity() async throws {
        try await SampleServer.run(\.lineBytesBeforeLogin, 1_000) { sample in
            let client = try await sample.connect()
            let long = Array("{\"jsonrpc\":\"2.0\",\"method\":\"get_data\",\"id\":1}".utf8)
            let padded = long + [UInt8](repeating: 0x20, count: 20_000) + [0x0A]
            _ = try await client.call(method: "identify")
            try await client.send(line: padded)
            #expect(try JSONReader.parse(try #require(try await client.nextLine()))["id"] == 1)
            _ = try await client.call(method: "forget")
            try await client.send(line: padded)
            let refusal = try JSONReader.parse(try #require(try await client.nextLine()))
            #expect(refusal["error"]?["data"]?["reason"] == "host.invalidRequest")
            #expect(try await client.nextLine() == nil)
        }
    }

    @Test("a client that reads late gets every reply, and the calls wait for it")
    func lateReader() async throws {
        try await SampleServer.run(\.inFlight, 4) { sample in
            let client = try await sample.connect()
            try await client.setReading(false)
            try await client.send(line: (0..<60).flatMap { callLine("big", #"{"bytes":900000}"#, id: 1000 + $0) })
            await sample.wait(for: .called("big"), times: 4)
            // The server's one loop still serves others.
            let other = try await sample.connect()
            #expect(try await other.call(method: "get_data") == .result(Array(#"["hello",5]"#.utf8)))
            await other.close()
            // What the sockets cannot hold is neither made nor kept: most of the calls have not begun.
            #expect(sample.service.calls < 50)
            try await client.setReading(true)
            for _ in 0..<60 { #expect(try await client.nextLine()?.count ?? 0 > 900_000) }
            await client.close()
        }
    }

    @Test("a client that never reads is cut off")
    func neverReads() async throws {
        try await SampleServer.run(\.writeStallSeconds, 0) { sample in
            let client = try await sample.connect()
            try await client.setReading(false)
            try await client.send(line: (0..<60).flatMap { callLine("big", #"{"bytes":900000}"#, id: 1000 + $0) })
            await sample.wait(for: .closed(wasReset: true))
            await client.close()
        }
    }

    @Test("a client that ends its input still gets its answers")
    func halfClose() async throws {
        try await SampleServer.run(\.inFlight, 2) { sample in
            let client = try await sample.connect()
            // More calls than may be under way: those that wait are answered too. The last line has no end and is dropped.
            try await client.send(line: (0..<5).flatMap { callLine("hold", "{\"n\":\($0)}", id: 1000 + $0) })
            try await client.send(line: callLine("get_data", id: 1).dropLast())
            try await client.endInput()
            for number in 0..<5 {
                await sample.wait(for: .called("hold"))
                sample.service.release()
                let reply = try JSONReader.parse(try #require(try await client.nextLine()))
                #expect(reply["result"] == .integer(Int64(number)))
            }
            #expect(try await client.nextLine() == nil)
            await sample.wait(for: .closed(wasReset: false))
            #expect(sample.service.calls == 5)
        }
    }

    @Test("a reset is told as one")
    func reset() async throws {
        try await SampleServer.run { sample in
            let client = try await sample.connect()
            try await client.send(line: callLine("hold", id: 1000))
            await sample.wait(for: .called("hold"))
            try await client.reset()
            await sample.wait(for: .closed(wasReset: true))
            // The answer comes too late and goes nowhere.
            sample.service.release()
            #expect(try await sample.connect().call(method: "get_data") == .result(Array(#"["hello",5]"#.utf8)))
        }
    }

    @Test("a line that does not arrive in time ends the connection")
    func slowLine() async throws {
        try await SampleServer.run(\.lineSeconds, 0) { sample in
            let client = try await sample.connect()
            try await client.send(line: Array("{".utf8))
            await sample.wait(for: .closed(wasReset: true))
            await client.close()
        }
    }

    @Test("an idle connection is closed, one with a call under way is not")
    func idle() async throws {
        try await SampleServer.run(\.idleSeconds, 0) { sample in
            let client = try await sample.connect()
            #expect(try await client.nextLine() == nil)
            await sample.wait(for: .closed(wasReset: true))
        }
        // Long enough that a busy machine does not make the first connection idle before its call is sent.
        try await SampleServer.run(\.idleSeconds, 15) { sample in
            let busy = try await sample.connect()
            try await busy.send(line: callLine("hold", #"{"n":3}"#, id: 1000))
            await sample.wait(for: .called("hold"))
            // Another connection that came later has been idle long enough: so has the time of the first gone by.
            let idle = try await sample.connect()
            #expect(try await idle.nextLine() == nil)
            sample.service.release()
            #expect(try JSONReader.parse(try #require(try await busy.nextLine()))["result"] == 3)
            #expect(try await busy.nextLine() == nil)
        }
    }

    @Test("a handshake that does not finish in time ends the connection")
    func slowHandshake() async throws {
        try await SampleServer.run(\.handshakeSeconds, 0) { sample in
            await #expect(throws: LineClientError.self) { try await sample.connect() }
        }
    }

    @Test("draining answers what has begun, refuses what waits, and closes")
    func drain() async throws {
        try await SampleServer.run(\.inFlight, 1) { sample in
            let client = try await sample.connect()
            try await client.send(line: (0..<3).flatMap { callLine("hold", "{\"n\":\($0)}", id: 1000 + $0) })
            await sample.wait(for: .called("hold"))
            async let drained: Void = sample.server.drain(seconds: 60)
            while !sample.server.isDraining { await Task.yield() }
            sample.service.release()
            let first = try JSONReader.parse(try #require(try await client.nextLine()))
            #expect(first["result"] == 0)
            for id in [1001, 1002] {
                let refused = try JSONReader.parse(try #require(try await client.nextLine()))
                #expect(refused["id"] == .integer(Int64(id)))
                #expect(refused["error"]?["data"]?["reason"] == "host.shuttingDown")
                #expect(refused["error"]?["data"]?["retryable"] == true)
            }
            #expect(try await client.nextLine() == nil)
            await drained
            #expect(sample.server.connectionCount == 0)
            await #expect(throws: LineClientError.self) { try await sample.connect() }
            await sample.wait(for: .closed(wasReset: false))
        }
    }

    @Test("draining does not wait longer than it was told")
    func forcedDrain() async throws {
        try await SampleServer.run { sample in
            let client = try await sample.connect()
            try await client.send(line: callLine("hold", id: 1000))
            await sample.wait(for: .called("hold"))
            await sample.server.drain(seconds: 0)
            await sample.wait(for: .closed(wasReset: true))
            sample.service.release()
            await client.close()
        }
    }
}
