internal import CLibCrypto

/// A public key of SM2 (GB/T 32918, the curve of its part 5), and what was signed with its private one.
public struct VerifyingKey: Sendable, Hashable {
    /// SubjectPublicKeyInfo.
    public let der: [UInt8]
    /// SM3 of `der`, as 64 lowercase hexadecimal digits.
    public let fingerprint: String

    /// The user id that signatures are made for: the one that GM/T 0009 names where nobody has another.
    static let userID = Array("1234567812345678".utf8)

    /// SubjectPublicKeyInfo of an uncompressed point of the curve, up to the point.
    private static let prefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C,
        0xCF, 0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00, 0x04,
    ]
    private static let mark = "PUBLIC KEY"

    /// - Throws: `CryptoError.malformed` where the bytes are no public key of SM2.
    public init(der: [UInt8]) throws {
        guard der.count == Self.prefix.count + 64, der.starts(with: Self.prefix) else {
            throw CryptoError.malformed("not a public key of SM2 (SubjectPublicKeyInfo, uncompressed)")
        }
        self.der = der
        self.fingerprint = try SM3.hex(der)
        // That it is a point of the curve shows when it is decoded.
        _ = try SM2Key(publicDER: der)
    }

    /// - Throws: `CryptoError.malformed` where the text is no public key of SM2 in PEM.
    public init(pem: String) throws {
        let lines = pem.split(whereSeparator: \.isNewline).map { $0.trimmingBlanks }.filter { !$0.isEmpty }
        guard lines.first == "-----BEGIN \(Self.mark)-----", lines.last == "-----END \(Self.mark)-----",
            let der = bytes(fromBase64: lines.dropFirst().dropLast().joined())
        else { throw CryptoError.malformed("not a public key in PEM (one, between BEGIN and END \(Self.mark))") }
        try self.init(der: der)
    }

    /// The key in PEM.
    public var pem: String {
        let text = base64(self.der)
        var lines = ["-----BEGIN \(Self.mark)-----"]
        var rest = text[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END \(Self.mark)-----", ""]).joined(separator: "\n")
    }

    /// Whether the signature (DER) over the message was made with this key. A signature of another form is none.
    /// - Throws: `CryptoError.library` where libcrypto lacks SM2.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) throws -> Bool {
        let key = try SM2Key(publicDER: self.der)
        return try key.withDigestContext(userID: Self.userID) { context in
            try require(
                EVP_DigestVerifyInit_ex(context, nil, "SM3", nil, nil, key.pointer, nil) == 1, "EVP_DigestVerifyInit_ex"
            )
            let verified = EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
            if !verified { ERR_clear_error() }
            return verified
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
