import Foundation
import XinglinKit

@testable import XinglinRPC

/// A real server on loopback with a certificate of its own, and clients that trust it.
struct SampleServer: Sendable {
    let server: LineServer
    let service: SampleService
    let authority: SampleAuthority

    /// Runs the body against a server that is stopped afterwards.
    static func run(_ body: (SampleServer) async throws -> Void) async throws {
        try await Self.run(\.locale, .en, body)
    }

    /// The same with one setting changed.
    static func run<Value>(
        _ setting: WritableKeyPath<LineServerSettings, Value>, _ value: Value,
        _ body: (SampleServer) async throws -> Void
    ) async throws {
        let authority = try SampleAuthority()
        defer { authority.remove() }
        var settings = LineServerSettings(
            host: "127.0.0.1", port: 0, certificateFile: authority.certificateFile, keyFile: authority.keyFile)
        settings[keyPath: setting] = value
        try await Self.run(settings, authority, body)
    }

    /// The same, asking clients for certificates of its own authority.
    static func runWithClientCertificates(_ body: (SampleServer) async throws -> Void) async throws {
        let authority = try SampleAuthority()
        defer { authority.remove() }
        var settings = LineServerSettings(
            host: "127.0.0.1", port: 0, certificateFile: authority.certificateFile, keyFile: authority.keyFile)
        settings.clientCAFile = authority.caFile
        try await Self.run(settings, authority, body)
    }

    private static func run(
        _ settings: LineServerSettings, _ authority: SampleAuthority, _ body: (SampleServer) async throws -> Void
    ) async throws {
        let service = SampleService()
        let server = LineServer(settings, service: service, log: Logger(label: "test"))
        try await server.start()
        do {
            try await body(SampleServer(server: server, service: service, authority: authority))
        } catch {
            await server.drain(seconds: 0)
            throw error
        }
        await server.drain(seconds: 0)
    }

    func connect(
        caFile: String? = nil, serverName: String? = nil, identity: ClientIdentity? = nil
    ) async throws -> LineClient {
        try await LineClient.connect(
            host: "127.0.0.1", port: self.server.boundPort, caFile: caFile ?? self.authority.caFile,
            serverName: serverName, identity: identity)
    }

    /// Waits for the service's next events of that kind.
    func wait(for event: SampleService.Event, times: Int = 1) async {
        var left = times
        for await next in self.service.events where next == event {
            left -= 1
            if left == 0 { return }
        }
    }
}

/// A throw-away certificate authority and a server certificate for localhost and 127.0.0.1, made with the openssl command.
struct SampleAuthority: Sendable {
    let folder: String
    var caFile: String { self.folder + "/ca.pem" }
    var certificateFile: String { self.folder + "/server.pem" }
    var keyFile: String { self.folder + "/server.key" }

    init() throws {
        self.folder = FileManager.default.temporaryDirectory.path + "/xinglin-rpc-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        let make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try openssl(make + ["-subj", "/CN=Sample CA", "-keyout", self.folder + "/ca.key", "-out", self.caFile])
        try openssl(
            make + ["-subj", "/CN=localhost", "-CA", self.caFile, "-CAkey", self.folder + "/ca.key"]
                + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
                + ["-keyout", self.keyFile, "-out", self.certificateFile])
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: self.folder)
    }

    /// Puts another authority's certificate in the place of this one's.
    func replaceServerCertificate(by other: SampleAuthority) throws {
        for (old, new) in [(self.certificateFile, other.certificateFile), (self.keyFile, other.keyFile)] {
            try Data(contentsOf: URL(fileURLWithPath: new)).write(to: URL(fileURLWithPath: old))
        }
    }
}

/// Runs the openssl command without input and without output.
/// - Returns: its exit status, which must be 0 unless told otherwise.
@discardableResult
func openssl(_ arguments: [String], mayFail: Bool = false) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard mayFail || process.terminationStatus == 0 else { throw OpenSSLFailure(status: process.terminationStatus) }
    return process.terminationStatus
}

struct OpenSSLFailure: Error {
    let status: Int32
}

/// A line that calls a method.
func callLine(_ method: String, _ params: String = "{}", id: Int? = nil) -> [UInt8] {
    let idMember = id.map { ",\"id\":\($0)" } ?? ""
    return Array("{\"jsonrpc\":\"2.0\",\"method\":\"\(method)\",\"params\":\(params)\(idMember)}\n".utf8)
}
