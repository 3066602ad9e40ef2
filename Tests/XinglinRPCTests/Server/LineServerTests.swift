import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("The TLS server", .timeLimit(.minutes(10)))
struct LineServerTests {
    @Test("answers a call over TLS, under the server's address and under its name")
    func answers() async throws {
        try await SampleServer.run { sample in
            for name in [nil, "localhost"] {
                let client = try await sample.connect(serverName: name)
                let params = Array(#"{"minuend":42,"subtrahend":23}"#.utf8)
                #expect(try await client.call(method: "subtract", params: params) == .result(Array("19".utf8)))
                await client.close()
                await sample.wait(for: .closed(wasReset: false))
            }
            #expect(sample.server.connectionCount <= 1)
        }
    }

    @Test("is not trusted under another name or another authority")
    func notTrusted() async throws {
        try await SampleServer.run { sample in
            let stranger = try SampleAuthority()
            defer { stranger.remove() }
            await #expect(throws: LineClientError.certificateNotTrusted("it is not made out to example.org")) {
                try await sample.connect(serverName: "example.org")
            }
            do {
                _ = try await sample.connect(caFile: stranger.caFile)
                Issue.record("a stranger's certificate was trusted")
            } catch LineClientError.certificateNotTrusted {}
        }
    }

    @Test("a client says in words that nothing listens")
    func refused() async throws {
        var port = 0
        try await SampleServer.run { port = $0.server.boundPort }
        do {
            _ = try await LineClient.connect(host: "127.0.0.1", port: port, caFile: nil)
            Issue.record("something listens")
        } catch LineClientError.cannotConnect(let reason) {
            #expect(reason.contains("refused"))
        }
    }

    @Test("says in words why it cannot start")
    func cannotStart() async throws {
        try await SampleServer.run { sample in
            var settings = LineServerSettings(
                host: "127.0.0.1", port: sample.server.boundPort, certificateFile: sample.authority.certificateFile,
                keyFile: sample.authority.keyFile)
            let log = Logger(label: "test")
            let taken = LineServer(settings, service: sample.service, log: log)
            await #expect(throws: LineServerError.self) { try await taken.start() }
            settings.certificateFile = sample.authority.caFile
            let mismatched = LineServer(settings, service: sample.service, log: log)
            await #expect(throws: LineServerError.self) { try await mismatched.start() }
            settings.certificateFile = "/nowhere.pem"
            let missing = LineServer(settings, service: sample.service, log: log)
            await #expect(throws: LineServerError.self) { try await missing.start() }
        }
    }

    @Test("speaks TLS 1.2 only where the setting allows it", arguments: [("1.3", false), ("1.2", true)])
    func minimumTLS(version: String, isSpoken: Bool) async throws {
        try await SampleServer.run(\.minimumTLS, version) { sample in
            let peer = [
                "s_client", "-connect", "127.0.0.1:\(sample.server.boundPort)", "-CAfile", sample.authority.caFile,
            ]
            let check = ["-verify_return_error", "-verify_ip", "127.0.0.1"]
            let old = try openssl(peer + check + ["-tls1_2"], mayFail: true)
            #expect((old == 0) == isSpoken)
            let new = try openssl(peer + check + ["-tls1_3"], mayFail: true)
            #expect(new == 0)
        }
    }

    @Test("calls on one connection are answered as they complete")
    func completionOrder() async throws {
        try await SampleServer.run { sample in
            let client = try await sample.connect()
            async let held = client.call(method: "hold", params: Array(#"{"n":1}"#.utf8))
            await sample.wait(for: .called("hold"))
            #expect(try await client.call(method: "get_data") == .result(Array(#"["hello",5]"#.utf8)))
            sample.service.release()
            #expect(try await held == .result(Array("1".utf8)))
            await client.close()
        }
    }

    @Test("a parse error is answered and the connection goes on")
    func parseError() async throws {
        try await SampleServer.run { sample in
            let client = try await sample.connect()
            try await client.send(line: Array("{nonsense\n\n \n".utf8))
            let reply = try JSONReader.parse(try #require(try await client.nextLine()))
            #expect(reply["error"]?["code"] == -32700)
            #expect(reply["id"] == .null)
            #expect(try await client.call(method: "get_data") == .result(Array(#"["hello",5]"#.utf8)))
            await client.close()
        }
    }

    @Test("a line over the limit is answered, then the connection is closed", arguments: [false, true])
    func oversize(hasLineBreak: Bool) async throws {
        try await SampleServer.run(\.lineBytes, 1000) { sample in
            let client = try await sample.connect()
            // Far more than the limit: the client is still sending when the answer goes out, and must get it none the less.
            try await client.send(line: [UInt8](repeating: 0x78, count: 300_000) + (hasLineBreak ? [0x0A] : []))
            let reply = try JSONReader.parse(try #require(try await client.nextLine()))
            #expect(reply["error"]?["data"]?["reason"] == "host.invalidRequest")
            #expect(reply["id"] == .null)
            #expect(try await client.nextLine() == nil)
            await sample.wait(for: .closed(wasReset: false))
        }
    }

    @Test("takes no more connections than the setting says")
    func connectionLimit() async throws {
        try await SampleServer.run(\.connections, 1) { sample in
            let first = try await sample.connect()
            await #expect(throws: LineClientError.self) { try await sample.connect() }
            #expect(try await first.call(method: "get_data") == .result(Array(#"["hello",5]"#.utf8)))
            await first.close()
        }
    }

    @Test("gives new connections the new certificate and leaves open ones theirs")
    func reloadCertificates() async throws {
        try await SampleServer.run { sample in
            let old = try await sample.connect()
            let other = try SampleAuthority()
            defer { other.remove() }
            try sample.authority.replaceServerCertificate(by: other)
            try sample.server.reloadCertificates()
            let new = try await sample.connect(caFile: other.caFile)
            for client in [old, new] {
                #expect(try await client.call(method: "get_data") == .result(Array(#"["hello",5]"#.utf8)))
                await client.close()
            }
            await #expect(throws: LineClientError.self) { try await sample.connect() }
        }
    }
}
