internal import CLibCrypto

/// Seals single values of encrypted columns: SM4-CTR, then HMAC-SM3 over all of it and the context (encrypt, then MAC).
///
/// A sealed value is version (1 byte, 1) · key id (4, big-endian) · IV (16) · ciphertext · tag (32). The context is
/// bound but not stored: it names what the value is, such as `people.person.phone/<id>`, so that a value cannot be
/// moved elsewhere.
public struct FieldCipher: Sendable {
    private static let version: UInt8 = 1
    private static let headerBytes = 5
    private static let ivBytes = 16
    /// How many bytes a sealed value has beyond the plain one.
    public static let overhead = headerBytes + ivBytes + SM3.byteCount

    private let live: LiveKeys

    public init(_ ring: KeyRing) {
        self.live = LiveKeys(ring)
    }

    /// A cipher that follows the keys while they are rotated.
    public init(_ live: LiveKeys) {
        self.live = live
    }

    /// The number of the key that a value was sealed with, or nil where it is not in the form of a sealed value.
    public static func keyID(of sealed: [UInt8]) -> UInt32? {
        guard sealed.count >= Self.overhead, sealed[0] == Self.version else { return nil }
        return sealed[1..<Self.headerBytes].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The bytes that every value begins with that was sealed with a key.
    public static func prefix(of id: UInt32) -> [UInt8] { [Self.version] + bigEndian(id) }

    /// Seals the bytes with the current key and a random IV.
    /// - Throws: `CryptoError.library` where libcrypto has no SM4 or no entropy.
    public func seal(_ plain: [UInt8], context: String) throws -> [UInt8] {
        let ring = self.live.ring
        let id = ring.currentID
        guard let keys = ring.keys[id] else { throw CryptoError.missingKey(id: id) }
        let iv = try SecureRandom.bytes(Self.ivBytes)
        var sealed = Self.prefix(of: id)
        sealed.append(contentsOf: iv)
        sealed.append(contentsOf: try SM4CTR.apply(key: keys.encryption, iv: iv, to: plain))
        sealed.append(contentsOf: try self.tag(of: sealed[...], context: context, keys))
        return sealed
    }

    /// The bytes that were sealed.
    /// - Throws: `CryptoError.notAuthentic` where a byte was altered or the context or key is another;
    ///   `CryptoError.missingKey`; `CryptoError.malformed` where it is no sealed value at all.
    public func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        guard let id = Self.keyID(of: sealed) else {
            throw CryptoError.malformed("a stored value is not in the form of a sealed value")
        }
        let keys = try self.live.derived(id)
        let body = sealed.dropLast(SM3.byteCount)
        let tag = try self.tag(of: body, context: context, keys)
        guard equalInConstantTime(tag, Array(sealed.suffix(SM3.byteCount))) else { throw CryptoError.notAuthentic }
        let ivEnd = Self.headerBytes + Self.ivBytes
        return try SM4CTR.apply(
            key: keys.encryption, iv: Array(sealed[Self.headerBytes..<ivEnd]), to: Array(body[ivEnd...]))
    }

    /// A value to look a sealed column up by: HMAC-SM3 of the text, the same for equal texts in the same context. It
    /// stays the same when keys are rotated. Normalise the text first.
    /// - Throws: `CryptoError.library` where libcrypto has no SM3.
    public func blindIndex(_ text: String, context: String) throws -> [UInt8] {
        let ring = self.live.ring
        guard let keys = ring.keys[ring.indexID] else { throw CryptoError.missingKey(id: ring.indexID) }
        return try SM3.hmac(key: keys.index, self.framed(context) + Array(text.utf8))
    }

    private func tag(of body: ArraySlice<UInt8>, context: String, _ keys: DerivedKeys) throws -> [UInt8] {
        try SM3.hmac(key: keys.authentication, self.framed(context) + body)
    }

    /// The length goes before the context, so that no part of one can pass for a part of the other.
    private func framed(_ context: String) -> [UInt8] {
        bigEndian(UInt64(context.utf8.count)) + Array(context.utf8)
    }
}

private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

enum SM4CTR {
    /// Encrypts or decrypts, which are the same in counter mode.
    static func apply(key: [UInt8], iv: [UInt8], to input: [UInt8]) throws -> [UInt8] {
        guard key.count == 16, iv.count == 16 else { throw CryptoError.malformed("SM4-CTR takes 16-byte keys and IVs") }
        let context = try require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
        defer { EVP_CIPHER_CTX_free(context) }
        let cipher = try Algorithms.sm4CTR.get().pointer
        try require(EVP_EncryptInit_ex2(context, cipher, key, iv, nil) == 1, "EVP_EncryptInit_ex2")
        var output = [UInt8](repeating: 0, count: input.count)
        var count: Int32 = 0
        guard let length = Int32(exactly: input.count) else { throw CryptoError.malformed("too long to encrypt") }
        let done = EVP_EncryptUpdate(context, &output, &count, input, length) == 1
        try require(done && count == length, "EVP_EncryptUpdate")
        return output
    }
}
