internal import CLibCrypto

/// Unpredictable bytes for keys, tokens and passwords.
public enum SecureRandom {
    /// Without `i`, `l`, `o`, `0` and `1`, which are taken for one another when read from paper.
    static let passwordAlphabet = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)

    /// That many random bytes.
    /// - Throws: `CryptoError.library` where the generator has no entropy.
    public static func bytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try require(RAND_priv_bytes_ex(nil, &bytes, count, 0) == 1, "RAND_priv_bytes")
        return bytes
    }

    /// A token of 32 random bytes: 43 characters of base64url without padding.
    /// - Throws: `CryptoError.library` where the generator has no entropy.
    public static func token() throws -> String {
        let text = base64(try self.bytes(32)).utf8.compactMap { character -> UInt8? in
            switch character {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: character
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A password for people to copy from paper: 16 characters (79 bits) in groups of four, `k7mw-…`.
    /// - Throws: `CryptoError.library` where the generator has no entropy.
    public static func password() throws -> String {
        // Bytes past the last whole multiple are thrown away, so that every character is equally likely.
        let limit = 256 - 256 % self.passwordAlphabet.count
        var characters: [UInt8] = []
        while characters.count < 16 {
            for byte in try self.bytes(16) where Int(byte) < limit && characters.count < 16 {
                characters.append(self.passwordAlphabet[Int(byte) % self.passwordAlphabet.count])
            }
        }
        let groups = stride(from: 0, to: 16, by: 4).map { String(decoding: characters[$0..<$0 + 4], as: UTF8.self) }
        return groups.joined(separator: "-")
    }
}
