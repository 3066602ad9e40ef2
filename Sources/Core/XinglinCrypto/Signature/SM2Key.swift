internal import CLibCrypto

/// A key of SM2 in libcrypto's memory, and the owner of that memory.
final class SM2Key {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(self.pointer)
    }

    static func generate() throws -> SM2Key {
        let context = try require(EVP_PKEY_CTX_new_from_name(nil, "SM2", nil), "EVP_PKEY_CTX_new_from_name")
        defer { EVP_PKEY_CTX_free(context) }
        try require(EVP_PKEY_keygen_init(context) == 1, "EVP_PKEY_keygen_init")
        var key: OpaquePointer?
        try require(EVP_PKEY_generate(context, &key) == 1, "EVP_PKEY_generate")
        return SM2Key(owning: try require(key, "EVP_PKEY_generate"))
    }

    /// Reads SubjectPublicKeyInfo.
    convenience init(publicDER der: [UInt8]) throws {
        let key = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
        guard let key, EVP_PKEY_is_a(key, "SM2") == 1 else {
            ERR_clear_error()
            if let key { EVP_PKEY_free(key) }
            throw CryptoError.malformed("not a public key of SM2")
        }
        self.init(owning: key)
    }

    /// Reads a private key in PEM without a passphrase.
    convenience init(privatePEM pem: [UInt8], path: String) throws {
        let memory = try MemoryBIO(reading: pem)
        // Without a callback libcrypto would ask for the passphrase at the terminal and wait.
        let noPassphrase:
            @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
                _, _, _, _ in -1
            }
        let key = PEM_read_bio_PrivateKey(memory.pointer, nil, noPassphrase, nil)
        guard let key, EVP_PKEY_is_a(key, "SM2") == 1 else {
            ERR_clear_error()
            if let key { EVP_PKEY_free(key) }
            throw CryptoError.malformed("\(path) holds no private key of SM2 in PEM; restore it from its backup")
        }
        self.init(owning: key)
    }

    /// SubjectPublicKeyInfo.
    func publicDER() throws -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(self.pointer, &start)
        try require(count > 0, "i2d_PUBKEY")
        guard let start else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// PKCS #8 in PEM, without a passphrase.
    func privatePEM() throws -> [UInt8] {
        let memory = try MemoryBIO()
        let done = PEM_write_bio_PKCS8PrivateKey(memory.pointer, self.pointer, nil, nil, 0, nil, nil) == 1
        try require(done, "PEM_write_bio_PKCS8PrivateKey")
        return try memory.content()
    }

    /// Lends a context for signing or verifying with the user id. The id must be set before the digest is chosen.
    func withDigestContext<Value>(userID: [UInt8], _ body: (OpaquePointer) throws -> Value) throws -> Value {
        let context = try require(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { EVP_MD_CTX_free(context) }
        let parameters = try require(EVP_PKEY_CTX_new_from_pkey(nil, self.pointer, nil), "EVP_PKEY_CTX_new_from_pkey")
        defer { EVP_PKEY_CTX_free(parameters) }
        try require(EVP_PKEY_CTX_set1_id(parameters, userID, Int32(userID.count)) == 1, "EVP_PKEY_CTX_set1_id")
        EVP_MD_CTX_set_pkey_ctx(context, parameters)
        return try body(context)
    }
}
