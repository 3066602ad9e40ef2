/// What the certificate of a machine account says of itself. Whether it is genuine, TLS has checked.
public struct ClientCertificate: Sendable, Hashable {
    /// The account that it is made out to.
    public let account: String
    /// Lowercase hexadecimal digits.
    public let serial: String
    /// The SHA-256 of the whole certificate.
    public let fingerprint: [UInt8]
    /// Seconds since 1970.
    public let notBefore: Int64
    /// Seconds since 1970.
    public let notAfter: Int64

    /// Reads a certificate in DER.
    /// - Throws: `CryptoError.malformed` where it is none, names no account, or is not for clients alone.
    public init(der: [UInt8]) throws {
        try self.init(Certificate(der: der))
    }

    /// Reads the first certificate in PEM.
    /// - Throws: as `init(der:)`.
    public init(pem: String) throws {
        try self.init(Certificate(pem: Array(pem.utf8), path: "the text"))
    }

    init(_ certificate: Certificate) throws {
        guard let account = PrincipalURI.account(in: certificate.uris()) else {
            throw CryptoError.malformed("the certificate names no account (URI xinglin:principal:NAME)")
        }
        guard certificate.isForClientsAlone else {
            throw CryptoError.malformed("the certificate is not one for clients")
        }
        self.account = account
        self.serial = certificate.serial
        self.fingerprint = try certificate.fingerprint
        self.notBefore = try certificate.notBefore
        self.notAfter = try certificate.notAfter
    }
}
