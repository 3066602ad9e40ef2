internal import CLibCrypto

/// A private key on the curve P-256, and the owner of libcrypto's memory for it.
final class PrivateKey {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(self.pointer)
    }

    static func generate() throws -> PrivateKey {
        let context = try require(EVP_PKEY_CTX_new_from_name(nil, "EC", nil), "EVP_PKEY_CTX_new_from_name")
        defer { EVP_PKEY_CTX_free(context) }
        try require(EVP_PKEY_keygen_init(context) == 1, "EVP_PKEY_keygen_init")
        try require(EVP_PKEY_CTX_set_group_name(context, "P-256") == 1, "choosing P-256")
        var key: OpaquePointer?
        try require(EVP_PKEY_generate(context, &key) == 1, "EVP_PKEY_generate")
        return PrivateKey(owning: try require(key, "EVP_PKEY_generate"))
    }

    /// Reads a private key without a passphrase.
    /// - Throws: `CryptoError.malformed` where the bytes are no private key in PEM.
    convenience init(pem: [UInt8], path: String) throws {
        let memory = try MemoryBIO(reading: pem)
        // Without a callback libcrypto would ask for the passphrase at the terminal and wait.
        let noPassphrase:
            @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
                _, _, _, _ in -1
            }
        guard let key = PEM_read_bio_PrivateKey(memory.pointer, nil, noPassphrase, nil) else {
            ERR_clear_error()
            throw CryptoError.malformed("\(path) holds no private key in PEM (without a passphrase)")
        }
        self.init(owning: key)
    }

    /// PKCS #8 in PEM, without a passphrase.
    func pem() throws -> [UInt8] {
        let memory = try MemoryBIO()
        let done = PEM_write_bio_PKCS8PrivateKey(memory.pointer, self.pointer, nil, nil, 0, nil, nil) == 1
        try require(done, "PEM_write_bio_PKCS8PrivateKey")
        return try memory.content()
    }
}

/// A buffer that libcrypto reads from or writes to.
final class MemoryBIO {
    let pointer: OpaquePointer

    init() throws {
        self.pointer = try require(BIO_new(BIO_s_mem()), "BIO_new")
    }

    init(reading bytes: [UInt8]) throws {
        let pointer = try require(BIO_new(BIO_s_mem()), "BIO_new")
        self.pointer = pointer
        var written = 0
        let done = bytes.isEmpty || BIO_write_ex(pointer, bytes, bytes.count, &written) == 1
        try require(done && written == bytes.count, "BIO_write_ex")
    }

    deinit {
        BIO_free(self.pointer)
    }

    /// Everything written so far.
    func content() throws -> [UInt8] {
        var content = [UInt8](repeating: 0, count: BIO_ctrl_pending(self.pointer))
        if content.isEmpty { return [] }
        var count = 0
        let done = BIO_read_ex(self.pointer, &content, content.count, &count) == 1
        try require(done && count == content.count, "BIO_read_ex")
        return content
    }
}
