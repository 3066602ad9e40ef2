internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// The certificate that new connections are given. Connections that are open keep the one they began with.
final class ServerCertificate: Sendable {
    private let settings: LineServerSettings
    private let current = Mutex<NIOSSLContext?>(nil)

    /// What TLS 1.2 offers: forward secrecy and authenticated encryption alone, none with CBC. TLS 1.3 has its own.
    private static let suitesOfTLS12: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ]

    init(_ settings: LineServerSettings) {
        self.settings = settings
    }

    /// Reads the files again; where that fails, the certificate in use stays.
    /// - Throws: `LineServerError`.
    func reload() throws {
        let context = try self.makeContext()
        self.current.withLock { $0 = context }
    }

    func context() throws -> NIOSSLContext {
        guard let context = self.current.withLock({ $0 }) else { throw LineServerError("no certificate is loaded") }
        return context
    }

    private func makeContext() throws -> NIOSSLContext {
        let (certificate, key) = (self.settings.certificateFile, self.settings.keyFile)
        let chain = try Self.load("certificate \(certificate)") { try NIOSSLCertificate.fromPEMFile(certificate) }
        guard !chain.isEmpty else { throw LineServerError("cannot load the certificate \(certificate): it holds none") }
        let privateKey = try Self.load("key \(key)") { try NIOSSLPrivateKey(file: key, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        // How long a closing connection waits for its client's farewell; the standard 5 s would delay every restart.
        configuration.shutdownTimeout = .seconds(1)
        switch self.settings.minimumTLS {
        case "1.3": configuration.minimumTLSVersion = .tlsv13
        case "1.2":
            configuration.minimumTLSVersion = .tlsv12
            configuration.cipherSuiteValues = Self.suitesOfTLS12
        default: throw LineServerError("the minimum TLS version is 1.3 or 1.2, not \(self.settings.minimumTLS)")
        }
        if let authority = self.settings.clientCAFile {
            // A certificate that is shown must be of this CA and in its time, or the handshake fails.
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(
                try Self.load("CA \(authority)") { try NIOSSLCertificate.fromPEMFile(authority) })
            configuration.sendCANameList = true
        }
        return try Self.load("key \(key) with the certificate \(certificate)") {
            try NIOSSLContext(configuration: configuration)
        }
    }

    private static func load<Value>(_ what: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw LineServerError("cannot load the \(what): \(error)")
        }
    }
}
