internal import CLibCrypto

/// A request for a certificate (PKCS #10) that has been checked: its signature shows that who sent it holds the key.
final class CertificateRequest {
    private let pointer: OpaquePointer
    /// The key to make a certificate out for. It lives as long as the request.
    let publicKey: OpaquePointer

    /// Longer texts are no request of anybody's: one for RSA 4096 takes 1.8 KB.
    static let mostBytes = 16_384

    /// - Throws: `CertificateRequestRefused`.
    init(pem: String) throws {
        guard pem.utf8.count <= Self.mostBytes else { throw CertificateRequestRefused.tooLong }
        let memory = try MemoryBIO(reading: Array(pem.utf8))
        guard let request = PEM_read_bio_X509_REQ(memory.pointer, nil, nil, nil) else {
            ERR_clear_error()
            throw CertificateRequestRefused.noRequest
        }
        self.pointer = request
        guard let key = X509_REQ_get0_pubkey(request) else {
            ERR_clear_error()
            X509_REQ_free(request)
            throw CertificateRequestRefused.unsuitedKey
        }
        self.publicKey = key
        // From here on the deinitialiser runs. The key is judged before it is calculated with.
        guard Self.isAccepted(key) else {
            throw CertificateRequestRefused.unsuitedKey
        }
        defer { ERR_clear_error() }
        guard X509_REQ_verify(request, key) == 1 else {
            throw CertificateRequestRefused.badSignature
        }
    }

    deinit {
        X509_REQ_free(self.pointer)
    }

    /// Makes a request in PEM for the key's owner.
    static func make(commonName: String, key: PrivateKey) throws -> [UInt8] {
        let request = try require(X509_REQ_new(), "X509_REQ_new")
        defer { X509_REQ_free(request) }
        let text = Array(commonName.utf8)
        let subject = X509_REQ_get_subject_name(request)
        let named = X509_NAME_add_entry_by_NID(
            subject, NID_commonName, MBSTRING_FLAG, text, Int32(text.count), -1, 0)
        try require(named == 1, "X509_NAME_add_entry_by_NID")
        // Version 1 is written as 0.
        try require(X509_REQ_set_version(request, 0) == 1, "X509_REQ_set_version")
        try require(X509_REQ_set_pubkey(request, key.pointer) == 1, "X509_REQ_set_pubkey")
        try require(X509_REQ_sign(request, key.pointer, Algorithms.sha256.get().pointer) > 0, "X509_REQ_sign")
        let memory = try MemoryBIO()
        try require(PEM_write_bio_X509_REQ(memory.pointer, request) == 1, "PEM_write_bio_X509_REQ")
        return try memory.content()
    }

    /// What TLS 1.3 as the listener speaks it can verify.
    private static func isAccepted(_ key: OpaquePointer) -> Bool {
        defer { ERR_clear_error() }
        if EVP_PKEY_is_a(key, "RSA") == 1 { return (2048...4096).contains(EVP_PKEY_get_bits(key)) }
        // The listener cannot read a curve that is written out in numbers, though it be one of those below.
        var isWrittenOut: Int32 = 0
        guard EVP_PKEY_is_a(key, "EC") == 1,
            EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &isWrittenOut) == 1,
            isWrittenOut == 0
        else { return false }
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return false }
        let curve = String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return ["prime256v1", "P-256", "secp384r1", "P-384"].contains(curve)
    }
}

/// What is wrong with a certificate request.
public enum CertificateRequestRefused: Error, Sendable {
    case tooLong
    /// It is not in PEM, or not a request.
    case noRequest
    /// The key is not on the curve P-256 or P-384, and not RSA of 2048 to 4096 bits.
    case unsuitedKey
    /// It is not signed with the key that it is for: a forged or altered request.
    case badSignature
}

/// A key pair of a machine account and the request for its certificate, made on the machine itself: the key never
/// leaves it.
public struct MachineKey: Sendable {
    /// PKCS #8 in PEM, without a passphrase; for a file of mode 0600.
    public let keyPEM: [UInt8]
    /// The certificate request in PEM, to send to the host.
    public let requestPEM: String

    /// Makes a key on the curve P-256.
    /// - Throws: `CryptoError.library` where the generator has no entropy.
    public init(account: String) throws {
        let key = try PrivateKey.generate()
        self.keyPEM = try key.pem()
        self.requestPEM = String(
            decoding: try CertificateRequest.make(commonName: account, key: key), as: UTF8.self)
    }
}
