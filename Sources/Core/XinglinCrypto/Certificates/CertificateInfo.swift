/// What a certificate says of itself, for `xinglin doctor` and the log.
public struct CertificateInfo: Sendable, Hashable {
    /// In the form of RFC 2253: `CN=Xinglin host`.
    public let subject: String
    /// Seconds since 1970.
    public let notBefore: Int64
    /// Seconds since 1970.
    public let notAfter: Int64
    public let dnsNames: [String]
    public let ipAddresses: [String]

    /// Reads the first certificate of a PEM file.
    /// - Throws: `CryptoError.file` where it cannot be read, `CryptoError.malformed` where it holds no certificate.
    public static func read(pemFile: String) throws -> CertificateInfo {
        let certificate = try Certificate(pem: SecretFile.read(pemFile, secret: false), path: pemFile)
        let names = try certificate.subjectNames()
        return CertificateInfo(
            subject: try certificate.subject, notBefore: try certificate.notBefore, notAfter: try certificate.notAfter,
            dnsNames: names.dnsNames, ipAddresses: names.addresses)
    }
}
