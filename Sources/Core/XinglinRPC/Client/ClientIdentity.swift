internal import NIOSSL

/// The certificate that a client shows, and its private key.
public struct ClientIdentity: Sendable, Hashable {
    /// PEM; the certificate first, where there are several.
    public let certificateFile: String
    /// PEM, without a passphrase.
    public let keyFile: String

    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    /// - Throws: `LineClientError.clientCertificateRefused` where the files cannot be used.
    func show(in configuration: inout TLSConfiguration) throws {
        do {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(self.certificateFile)
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: self.keyFile, format: .pem))
        } catch {
            throw LineClientError.clientCertificateRefused(
                "cannot read \(self.certificateFile) and its key \(self.keyFile): \(error)")
        }
    }
}
