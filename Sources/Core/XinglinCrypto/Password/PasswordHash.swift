internal import CLibCrypto

/// Passwords as they are stored: `scrypt$15$8$1$<salt>$<hash>`, that is log2 of N, r, p, and both parts in Base64.
/// One hash takes about 0.14 s and 32 MiB: run it on workers of its own.
public struct PasswordHash {
    let cost: Cost
    let salt: [UInt8]
    let hash: [UInt8]

    struct Cost: Hashable {
        var log2N: UInt64
        var r: UInt64
        var p: UInt64

        /// RFC 7914 with N = 2^15, r = 8, p = 1.
        static let standard = Cost(log2N: 15, r: 8, p: 1)
        /// What scrypt needs, and some room: the library's own limit of 32 MiB is just too small for the standard cost.
        var memory: UInt64 { 128 * self.r * (UInt64(1) << self.log2N) + 128 * self.r * self.p + (1 << 20) }
    }

    /// A stored hash that no password matches. Verify against it where the account is unknown, so that the answer takes
    /// as long.
    public static let dummy = PasswordHash(
        cost: .standard, salt: Array("xinglin-nobody-0".utf8), hash: [UInt8](repeating: 0, count: 32)
    ).text

    /// The hash to store, with a salt of its own.
    /// - Throws: `CryptoError.library` where memory or entropy is lacking.
    public static func make(_ password: String) throws -> String {
        let salt = try SecureRandom.bytes(16)
        let hash = try self.derive(password, salt: salt, cost: .standard, count: 32)
        return PasswordHash(cost: .standard, salt: salt, hash: hash).text
    }

    /// Whether the password is the one that was hashed, compared in constant time.
    /// - Throws: `CryptoError.malformed` where the stored text is no hash of ours.
    public static func verify(_ password: String, against stored: String) throws -> Bool {
        guard let expected = PasswordHash(stored) else {
            throw CryptoError.malformed("a stored password hash is not in the form scrypt$logN$r$p$salt$hash")
        }
        let hash = try self.derive(password, salt: expected.salt, cost: expected.cost, count: expected.hash.count)
        return equalInConstantTime(hash, expected.hash)
    }

    static func derive(_ password: String, salt: [UInt8], cost: Cost, count: Int) throws -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: count)
        var password = password
        let done = password.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { characters in
                EVP_PBE_scrypt(
                    characters.baseAddress, characters.count, salt, salt.count, UInt64(1) << cost.log2N, cost.r, cost.p,
                    cost.memory, &hash, count)
            }
        }
        try require(done == 1, "EVP_PBE_scrypt")
        return hash
    }
}

extension PasswordHash {
    var text: String {
        "scrypt$\(self.cost.log2N)$\(self.cost.r)$\(self.cost.p)$\(base64(self.salt))$\(base64(self.hash))"
    }

    /// Reads a stored hash, or nil. The bounds keep an altered row from costing gigabytes.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt",
            let log2N = UInt64(parts[1]), (10...20).contains(log2N),
            let r = UInt64(parts[2]), (1...16).contains(r),
            let p = UInt64(parts[3]), (1...4).contains(p),
            let salt = bytes(fromBase64: parts[4]), salt.count >= 16,
            let hash = bytes(fromBase64: parts[5]), hash.count == 32
        else { return nil }
        self.init(cost: Cost(log2N: log2N, r: r, p: p), salt: salt, hash: hash)
    }
}
