import Foundation
import Testing
import XinglinKit

@testable import XinglinRPC

@Suite("Client certificates", .timeLimit(.minutes(10)))
struct ClientCertificateTests {
    private static let data: RPCAnswer = .result(Array(#"["hello",5]"#.utf8))

    @Test("a certificate of the CA reaches the service whole, and none is needed")
    func shown() async throws {
        try await SampleServer.runWithClientCertificates { sample in
            let identity = try sample.authority.clientIdentity()
            let machine = try await sample.connect(identity: identity)
            let person = try await sample.connect()
            for client in [machine, person] {
                #expect(try await client.call(method: "get_data") == Self.data)
                await client.close()
            }
            let shown = sample.service.certificates
            #expect(shown.count == 2 && shown.contains(nil))
            #expect(shown.contains(try sample.authority.der(of: identity)))
        }
    }

    @Test(
        "foreign, expired, early and server's certificates fail the handshake, and others are not disturbed",
        arguments: [
            (ClientKind.foreign, "not of the host's own CA"), (.expired, "expired"), (.early, "not valid yet"),
            (.server, "refused"), (.selfSigned, "refused"),
        ])
    func refused(kind: ClientKind, reason: String) async throws {
        try await SampleServer.runWithClientCertificates { sample in
            let other = try await sample.connect()
            let foreign = try SampleAuthority()
            defer { foreign.remove() }
            let identity = try (kind == .foreign ? foreign : sample.authority).clientIdentity(kind)
            let caught = await #expect(throws: LineClientError.self) {
                let client = try await sample.connect(identity: identity)
                // In TLS 1.3 the client's own handshake is done before the verdict comes.
                _ = try await client.nextLine()
                throw LineClientError.closed("in order, without a verdict")
            }
            let error = try #require(caught)
            guard case .clientCertificateRefused = error else {
                Issue.record("\(error)")
                return
            }
            #expect("\(error)".contains(reason))
            #expect(try await other.call(method: "get_data") == Self.data)
            #expect(sample.service.certificates == [nil])
            await other.close()
        }
    }

    @Test("a client that shows a certificate to a server that asks for none is a client without")
    func notAsked() async throws {
        try await SampleServer.run { sample in
            let client = try await sample.connect(identity: try sample.authority.clientIdentity())
            #expect(try await client.call(method: "get_data") == Self.data)
            #expect(sample.service.certificates == [nil])
            await client.close()
        }
    }

    @Test("files that are no certificate or no key are named")
    func badFiles() async throws {
        try await SampleServer.run { sample in
            let identity = ClientIdentity(certificateFile: sample.authority.caFile, keyFile: "/nowhere.key")
            let error = await #expect(throws: LineClientError.self) { try await sample.connect(identity: identity) }
            #expect(error?.description.contains("/nowhere.key") == true)
        }
    }
}
