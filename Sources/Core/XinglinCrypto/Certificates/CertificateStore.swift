internal import Glibc

/// The private CA and the server's certificate in a folder (`DIR/tls`), made at first start and renewed when needed.
public struct CertificateStore: Sendable {
    /// The CA's certificate, which clients trust.
    public let caFile: String
    public let certificateFile: String
    /// The server's private key (0600).
    public let keyFile: String
    let caKeyFile: String

    static let day: Int64 = 86_400
    static let caDays: Int64 = 3652
    static let serverDays: Int64 = 397
    /// A server certificate with fewer days left is replaced.
    static let renewalDays: Int64 = 30

    /// Makes what is missing and keeps what is good: the CA for ten years; the server's certificate (397 days) until
    /// the names change or fewer than 30 days are left.
    /// - Parameters:
    ///   - names: Further DNS names and addresses, beside `localhost`, `127.0.0.1`, `::1` and the machine's own name.
    ///   - now: Seconds since 1970.
    /// - Throws: `CryptoError.malformed` for a name that is neither a DNS name nor an address, a damaged file or an
    ///   expired CA; `CryptoError.insecure` where a private key is open to others; `CryptoError.file` where the system
    ///   refuses.
    public static func prepare(directory: String, names: [String], now: Int64) throws -> CertificateStore {
        let store = CertificateStore(directory: directory)
        let subjects = try SubjectNames.forServer(hostName: machineName(), further: names)
        try SecretFile.makeFolder(directory, mode: 0o755)
        let authority = try store.authority(now: now)
        if try !store.isGood(subjects, authority, now: now) {
            try store.renew(subjects, authority, now: now)
        }
        return store
    }

    init(directory: String) {
        self.caFile = "\(directory)/ca.pem"
        self.certificateFile = "\(directory)/server.pem"
        self.keyFile = "\(directory)/server.key"
        self.caKeyFile = "\(directory)/ca.key"
    }

    /// The CA's certificate; a new one where there is none yet.
    func authority(now: Int64) throws -> Certificate {
        guard SecretFile.exists(self.caFile) else {
            // Both there, a server's certificate has been made out by the CA that is gone: a new one would be unknown to all.
            guard !SecretFile.exists(self.caKeyFile) || !SecretFile.exists(self.certificateFile) else {
                throw CryptoError.malformed(
                    "\(self.caFile) is missing; put it back from its backup, or any client's copy of it, or move "
                        + "\(self.caKeyFile) away to have a new CA made, which all clients and machines must then be given"
                )
            }
            return try self.makeAuthority(now: now)
        }
        let certificate = try Certificate(pem: SecretFile.read(self.caFile, secret: false), path: self.caFile)
        guard try certificate.notAfter > now else {
            throw CryptoError.malformed(
                "the private CA has expired; move \(self.caFile) and \(self.caKeyFile) away, start again, and give the new one to all clients"
            )
        }
        return certificate
    }

    private func makeAuthority(now: Int64) throws -> Certificate {
        let key = try PrivateKey.generate()
        let certificate = try Certificate.issue(
            .authority(commonName: "Xinglin private CA"), publicKey: key.pointer, issuer: nil, issuerKey: key,
            from: now - 3600, until: now + Self.caDays * Self.day)
        // The key goes first: after a crash in between there is no certificate yet, and both are made anew.
        try SecretFile.write(try key.pem(), to: self.caKeyFile, mode: 0o600)
        try SecretFile.write(try certificate.pem(), to: self.caFile, mode: 0o644)
        return certificate
    }

    private func isGood(_ subjects: SubjectNames, _ authority: Certificate, now: Int64) throws -> Bool {
        guard SecretFile.exists(self.certificateFile), SecretFile.exists(self.keyFile) else { return false }
        let certificate = try Certificate(
            pem: SecretFile.read(self.certificateFile, secret: false), path: self.certificateFile)
        let key = try PrivateKey(pem: SecretFile.read(self.keyFile, secret: true), path: self.keyFile)
        return try certificate.belongs(to: key) && certificate.isIssued(by: authority)
            && certificate.subjectNames() == subjects
            && certificate.notBefore <= now && certificate.notAfter - now >= Self.renewalDays * Self.day
    }

    /// The CA's private key.
    /// - Parameter need: What it is wanted for, for the person who has to put it back.
    func authorityKey(_ authority: Certificate, for need: String) throws -> PrivateKey {
        guard SecretFile.exists(self.caKeyFile) else {
            throw CryptoError.malformed(
                "\(need) but \(self.caKeyFile) is missing; put it back, or move \(self.caFile) away to have a new CA made"
            )
        }
        let key = try PrivateKey(pem: SecretFile.read(self.caKeyFile, secret: true), path: self.caKeyFile)
        guard authority.belongs(to: key) else {
            throw CryptoError.malformed(
                "\(self.caKeyFile) is not the key of \(self.caFile); restore both from one backup")
        }
        return key
    }

    private func renew(_ subjects: SubjectNames, _ authority: Certificate, now: Int64) throws {
        let caKey = try self.authorityKey(authority, for: "the server's certificate must be renewed")
        let key = try PrivateKey.generate()
        // An hour back, for clients whose clocks are slow; never longer than the CA itself lasts.
        let certificate = try Certificate.issue(
            .server(commonName: "Xinglin host", subjects), publicKey: key.pointer, issuer: authority, issuerKey: caKey,
            from: now - 3600, until: min(now + Self.serverDays * Self.day, try authority.notAfter))
        try SecretFile.write(try key.pem(), to: self.keyFile, mode: 0o600)
        try SecretFile.write(try certificate.pem(), to: self.certificateFile, mode: 0o644)
    }
}

/// The machine's own name, or nil where it has none that fits a certificate.
private func machineName() -> String? {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return nil }
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? nil : text
}
