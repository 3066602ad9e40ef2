internal import CLibCrypto

/// Lowercase hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes that hexadecimal digits stand for, or nil.
func bytes(fromHexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}

private func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
}

/// Base64 with padding (RFC 4648 §4).
func base64(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
}

/// Base64 (RFC 4648 §4), by libcrypto: fast enough for files.
public enum Base64 {
    /// The text of the bytes, padded and without line breaks.
    public static func encode(_ bytes: [UInt8]) -> String { bytes.isEmpty ? "" : base64(bytes) }

    /// The bytes of a text that is just what `encode` gives, or nil.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        text.isEmpty ? [] : bytes(fromBase64: text)
    }

    /// The bytes of a text with line breaks in it, as PostgreSQL writes it, or nil.
    public static func decode(lines text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let start = text.baseAddress, !text.isEmpty else { return [] }
        guard let context = EVP_ENCODE_CTX_new() else { return nil }
        defer { EVP_ENCODE_CTX_free(context) }
        EVP_DecodeInit(context)
        var decoded = [UInt8](repeating: 0, count: text.count / 4 * 3 + 3)
        var count: Int32 = 0
        var rest: Int32 = 0
        let source = start.assumingMemoryBound(to: UInt8.self)
        let isDone = decoded.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let target = buffer.baseAddress,
                EVP_DecodeUpdate(context, target, &count, source, Int32(text.count)) >= 0
            else { return false }
            return EVP_DecodeFinal(context, target + Int(count), &rest) == 1
        }
        guard isDone else { return nil }
        decoded.removeLast(decoded.count - Int(count) - Int(rest))
        return decoded
    }
}

/// The bytes that canonical Base64 stands for, or nil.
func bytes(fromBase64 text: some StringProtocol) -> [UInt8]? {
    let source = Array(text.utf8)
    guard !source.isEmpty, source.count % 4 == 0 else { return nil }
    var decoded = [UInt8](repeating: 0, count: source.count / 4 * 3)
    guard EVP_DecodeBlock(&decoded, source, Int32(source.count)) == decoded.count else { return nil }
    decoded.removeLast(source.suffix(2).count { $0 == 0x3D })
    // EVP_DecodeBlock forgives stray characters; the text must be the one that encoding gives.
    return base64(decoded) == text ? decoded : nil
}
