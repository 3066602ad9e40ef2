/// The private CA as it serves machine accounts: it makes out their certificates, whatever certificate the server
/// itself shows.
public struct ClientAuthority: Sendable {
    private let store: CertificateStore

    /// The CA's certificate, which the listener trusts for clients.
    public var caFile: String { self.store.caFile }

    /// Takes the CA of the folder (`DIR/tls`), making it where there is none yet.
    /// - Parameter now: Seconds since 1970.
    /// - Throws: `CryptoError.malformed` for a damaged or expired CA; `CryptoError.file` where the system refuses.
    public init(directory: String, now: Int64) throws {
        self.store = CertificateStore(directory: directory)
        try SecretFile.makeFolder(directory, mode: 0o755)
        _ = try self.store.authority(now: now)
    }

    /// Judges a request before anything is spent on it.
    /// - Throws: `CertificateRequestRefused`.
    public func check(request pem: String) throws {
        _ = try CertificateRequest(pem: pem)
    }

    /// A certificate that was made out.
    public struct Issued: Sendable {
        public let certificate: ClientCertificate
        /// The certificate in PEM.
        public let pem: String
        /// The CA's certificate in PEM.
        public let caPEM: String
    }

    /// Makes out a certificate for the key of a request. What the request says besides (its subject, its extensions) is
    /// left out: the certificate says what the host knows.
    /// - Parameters:
    ///   - request: A certificate request in PEM.
    ///   - account: The account's name, which becomes `xinglin:principal:NAME`.
    ///   - now: Seconds since 1970.
    /// - Throws: `CertificateRequestRefused` where the request is at fault; `CryptoError` where the CA is.
    public func issue(request pem: String, account: String, now: Int64, days: Int) throws -> Issued {
        try self.issue(
            request: pem, account: account, from: now - 3600, until: now + Int64(days) * CertificateStore.day)
    }

    func issue(request pem: String, account: String, from: Int64, until: Int64) throws -> Issued {
        let request = try CertificateRequest(pem: pem)
        guard PrincipalURI.isAccountName(account) else {
            throw CryptoError.malformed("the account's name does not fit a certificate")
        }
        let authority = try Certificate(pem: SecretFile.read(self.caFile, secret: false), path: self.caFile)
        let key = try self.store.authorityKey(authority, for: "a machine's certificate is to be made out")
        // Never longer than the CA itself lasts.
        let certificate = try Certificate.issue(
            .client(account: account), publicKey: request.publicKey, issuer: authority, issuerKey: key, from: from,
            until: min(until, try authority.notAfter))
        return Issued(
            certificate: try ClientCertificate(certificate),
            pem: String(decoding: try certificate.pem(), as: UTF8.self),
            caPEM: String(decoding: try authority.pem(), as: UTF8.self))
    }
}
