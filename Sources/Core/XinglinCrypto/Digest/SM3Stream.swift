internal import CLibCrypto

/// The SM3 digest of what comes in pieces: a file that need not be in memory.
public final class SM3Stream {
    private let context: OpaquePointer

    /// - Throws: `CryptoError.library` where libcrypto has no SM3.
    public init() throws {
        self.context = try require(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        let started = EVP_DigestInit_ex2(self.context, try Algorithms.sm3.get().pointer, nil) == 1
        try require(started, "EVP_DigestInit_ex2")
    }

    deinit { EVP_MD_CTX_free(self.context) }

    public func add(_ bytes: [UInt8]) throws {
        try require(EVP_DigestUpdate(self.context, bytes, bytes.count) == 1, "EVP_DigestUpdate")
    }

    /// The digest of all that was added, as 64 lowercase hexadecimal digits. Nothing may be added afterwards.
    public func finish() throws -> String {
        var digest = [UInt8](repeating: 0, count: SM3.byteCount)
        var count: UInt32 = 0
        let done = EVP_DigestFinal_ex(self.context, &digest, &count) == 1
        try require(done && Int(count) == digest.count, "EVP_DigestFinal_ex")
        return hexadecimal(digest)
    }
}
