internal import CLibCrypto

/// A private key of SM2, in a file of its own (0600, PKCS #8 in PEM).
public final class SigningKey: Sendable {
    /// The PEM; libcrypto's own form of a key belongs to one thread.
    private let pem: [UInt8]
    private let path: String
    public let verifying: VerifyingKey

    /// Makes a key and writes it to a file, which belongs to the folder's owner and must not be there yet.
    /// - Throws: `CryptoError.file` where the system refuses; nothing is left behind then.
    public static func make(at path: String) throws -> SigningKey {
        let pem = try SM2Key.generate().privatePEM()
        let key = try SigningKey(pem: pem, path: path)
        try SecretFile.write(pem, to: path, mode: 0o600, isNew: true)
        return key
    }

    /// Reads a key's file, or gives nil where there is none.
    /// - Throws: `CryptoError.insecure` where others than the owner may read it, `CryptoError.malformed` where it is damaged.
    public static func load(_ path: String) throws -> SigningKey? {
        guard SecretFile.exists(path) else { return nil }
        return try SigningKey(pem: SecretFile.read(path, secret: true), path: path)
    }

    init(pem: [UInt8], path: String) throws {
        self.pem = pem
        self.path = path
        self.verifying = try VerifyingKey(der: SM2Key(privatePEM: pem, path: path).publicDER())
    }

    /// Signs the message for the user id of `VerifyingKey`: SM2 with SM3, as DER. Takes about a millisecond.
    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        let key = try SM2Key(privatePEM: self.pem, path: self.path)
        return try key.withDigestContext(userID: VerifyingKey.userID) { context in
            try require(
                EVP_DigestSignInit_ex(context, nil, "SM3", nil, nil, key.pointer, nil) == 1, "EVP_DigestSignInit_ex")
            var signature = [UInt8](repeating: 0, count: 128)
            var count = signature.count
            try require(
                EVP_DigestSign(context, &signature, &count, message, message.count) == 1, "EVP_DigestSign")
            return Array(signature.prefix(count))
        }
    }
}

/// Small public files beside the keys.
public enum PublicFile {
    /// The text of a file, or nil where there is none.
    public static func read(_ path: String) throws -> String? {
        guard SecretFile.exists(path) else { return nil }
        return String(decoding: try SecretFile.read(path, secret: false), as: UTF8.self)
    }

    /// Writes a file that everybody may read, whole or not at all.
    public static func write(_ text: String, to path: String) throws {
        try SecretFile.write(Array(text.utf8), to: path, mode: 0o644)
    }
}
