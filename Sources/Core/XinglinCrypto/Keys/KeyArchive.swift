/// The folders of keys and certificates as one file that a passphrase closes, to be kept apart from the database's backups.
///
/// `XLKEYS1\n` · salt (16) · IV (16) · SM4-CTR of the files · HMAC-SM3 of all of it (32). Both keys come from the passphrase by
/// scrypt with N = 2^17, r = 8, p = 1: each guess costs 128 MiB and about half a second.
public struct KeyArchive: Sendable, Equatable {
    /// A file below the data folder.
    public struct File: Sendable, Equatable {
        /// Relative to the data folder, such as `keys/0001.key`.
        public let path: String
        public let mode: UInt32
        public let content: [UInt8]
    }

    public private(set) var files: [File] = []

    private static let mark = Array("XLKEYS1\n".utf8)
    private static let saltBytes = 16
    private static let ivBytes = 16
    private static let cost = PasswordHash.Cost(log2N: 17, r: 8, p: 1)
    /// A passphrase has at least so many characters: it is all that guards the keys.
    public static let shortestPassphrase = 12

    init(files: [File]) {
        self.files = files
    }

    /// The archive as it is kept.
    /// - Throws: `CryptoError.malformed` for a passphrase that is too short.
    public func sealed(_ passphrase: String) throws -> [UInt8] {
        guard passphrase.unicodeScalars.count >= Self.shortestPassphrase else {
            throw CryptoError.malformed("the passphrase must have at least \(Self.shortestPassphrase) characters")
        }
        let salt = try SecureRandom.bytes(Self.saltBytes)
        let iv = try SecureRandom.bytes(Self.ivBytes)
        let keys = try Self.keys(passphrase, salt)
        let body = Self.mark + salt + iv + (try SM4CTR.apply(key: keys.encryption, iv: iv, to: self.plain))
        return body + (try SM3.hmac(key: keys.authentication, body))
    }

    /// Opens an archive.
    /// - Throws: `CryptoError.malformed` where it is none; `CryptoError.notAuthentic` where the passphrase is another, or a byte
    ///   was altered.
    public init(_ sealed: [UInt8], passphrase: String) throws {
        let head = Self.mark.count + Self.saltBytes + Self.ivBytes
        guard sealed.count >= head + SM3.byteCount, sealed.starts(with: Self.mark) else {
            throw CryptoError.malformed("this is no archive of keys")
        }
        let salt = Array(sealed[Self.mark.count..<Self.mark.count + Self.saltBytes])
        let iv = Array(sealed[Self.mark.count + Self.saltBytes..<head])
        let keys = try Self.keys(passphrase, salt)
        let body = Array(sealed.dropLast(SM3.byteCount))
        guard
            equalInConstantTime(
                try SM3.hmac(key: keys.authentication, body), Array(sealed.suffix(SM3.byteCount)))
        else { throw CryptoError.notAuthentic }
        try self.read(try SM4CTR.apply(key: keys.encryption, iv: iv, to: Array(body[head...])))
    }

    private static func keys(
        _ passphrase: String, _ salt: [UInt8]
    ) throws -> (encryption: [UInt8], authentication: [UInt8]) {
        let bytes = try PasswordHash.derive(passphrase, salt: salt, cost: Self.cost, count: 48)
        return (Array(bytes[..<16]), Array(bytes[16...]))
    }

    /// For each file: the lengths of its path and content, its mode, and both.
    private var plain: [UInt8] {
        self.files.reduce(into: []) { bytes, file in
            let path = Array(file.path.utf8)
            for number in [UInt32(path.count), file.mode, UInt32(file.content.count)] {
                withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            }
            bytes += path + file.content
        }
    }

    private mutating func read(_ plain: [UInt8]) throws {
        var rest = plain[...]
        func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw CryptoError.malformed("the archive of keys ends within a file") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func number() throws -> UInt32 { try take(4).reduce(0) { $0 << 8 | UInt32($1) } }
        while !rest.isEmpty {
            let (length, mode, count) = (try number(), try number(), try number())
            let path = String(decoding: try take(Int(length)), as: UTF8.self)
            let content = Array(try take(Int(count)))
            // What lies beside the data folder is none of its business.
            guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
                throw CryptoError.malformed("the archive of keys names a place outside the data folder")
            }
            self.files.append(File(path: path, mode: mode, content: content))
        }
    }
}
