internal import CLibCrypto

/// The SM3 digest (GB/T 32905) and HMAC with it.
public enum SM3 {
    /// Bytes of a digest.
    public static let byteCount = 32

    /// The 32-byte digest.
    /// - Throws: `CryptoError.library` where libcrypto has no SM3.
    public static func digest(_ bytes: some Collection<UInt8>) throws -> [UInt8] {
        try Digest.of(bytes, with: Algorithms.sm3.get())
    }

    /// The 32-byte HMAC-SM3 (RFC 2104) of the bytes under the key.
    /// - Throws: `CryptoError.library` where libcrypto has no SM3.
    public static func hmac(key: [UInt8], _ bytes: [UInt8]) throws -> [UInt8] {
        let context = try require(EVP_MAC_CTX_dup(Algorithms.hmacSM3.get().pointer), "EVP_MAC_CTX_dup")
        defer { EVP_MAC_CTX_free(context) }
        // A nil key means "keep the old one"; an empty array may have no address, so a key always has one byte behind
        // it.
        try require(EVP_MAC_init(context, key + [0], key.count, nil) == 1, "EVP_MAC_init")
        try require(EVP_MAC_update(context, bytes, bytes.count) == 1, "EVP_MAC_update")
        var tag = [UInt8](repeating: 0, count: Self.byteCount)
        var count = 0
        try require(EVP_MAC_final(context, &tag, &count, tag.count) == 1 && count == tag.count, "EVP_MAC_final")
        return tag
    }

    /// The digest as 64 lowercase hexadecimal digits.
    /// - Throws: `CryptoError.library` where libcrypto has no SM3.
    public static func hex(_ bytes: some Collection<UInt8>) throws -> String {
        hexadecimal(try self.digest(bytes))
    }
}

/// The SHA-256 digest, for data files whose publishers state it.
public enum SHA256 {
    /// The digest as 64 lowercase hexadecimal digits.
    /// - Throws: `CryptoError.library` where libcrypto has no SHA-256.
    public static func hex(of bytes: [UInt8]) throws -> String {
        hexadecimal(try Digest.of(bytes, with: Algorithms.sha256.get()))
    }
}

enum Digest {
    /// The digest of the bytes by a 256-bit algorithm.
    static func of(_ bytes: some Collection<UInt8>, with algorithm: Algorithm) throws -> [UInt8] {
        let direct = try bytes.withContiguousStorageIfAvailable { try self.of($0, with: algorithm) }
        return try direct ?? Array(bytes).withUnsafeBufferPointer { try self.of($0, with: algorithm) }
    }

    private static func of(_ bytes: UnsafeBufferPointer<UInt8>, with algorithm: Algorithm) throws -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let done = EVP_Digest(bytes.baseAddress, bytes.count, &digest, &count, algorithm.pointer, nil) == 1
        try require(done && count == 32, "EVP_Digest")
        return digest
    }
}

/// Whether both are equal, in a time that does not tell where they differ.
func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
