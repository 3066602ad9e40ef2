public import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

/// A checkpoint outside the database: one line of JSON that can be checked without the database that it came from.
public struct CheckpointLine: Sendable {
    public let checkpoint: AuditCheckpoint
    /// The key that is said to have signed it.
    public let key: VerifyingKey

    public init(_ checkpoint: AuditCheckpoint, key: VerifyingKey) {
        self.checkpoint = checkpoint
        self.key = key
    }

    /// Reads a line.
    /// - Returns: nil where it is not one; a line with a signature that is wrong is still a line.
    public init?(_ text: String) throws {
        guard let tree = try? JSONReader.parse(Array(text.utf8)), let body = tree["body"]?.stringValue,
            let signature = tree["signature"]?.stringValue.flatMap({ SQLBytes(sqlText: "\\x\($0)") }),
            let der = tree["publicKey"]?.stringValue.flatMap({ SQLBytes(sqlText: "\\x\($0)") }),
            let key = try? VerifyingKey(der: der.bytes),
            let checkpoint = try AuditCheckpoint(body: body, signature: signature.bytes)
        else { return nil }
        self.init(checkpoint, key: key)
    }

    /// The line, without its end.
    public var text: String {
        let line: JSONValue = [
            "body": .string(self.checkpoint.body), "digest": .string(self.checkpoint.digest),
            "publicKey": .string(Self.hex(self.key.der)), "signature": .string(Self.hex(self.checkpoint.signature)),
        ]
        return line.canonicalText
    }

    /// SM3 of the line.
    var textDigest: String {
        get throws { try SM3.hex(Array(self.text.utf8)) }
    }

    /// Whether the key that the body names signed the body, and is the one that the line carries.
    var isSigned: Bool {
        get throws {
            guard self.key.fingerprint == self.checkpoint.key else { return false }
            return try self.key.verifies(self.checkpoint.signature, of: Array(self.checkpoint.body.utf8))
        }
    }

    public static func hex(_ bytes: [UInt8]) -> String {
        String((SQLBytes(bytes).sqlText ?? "").dropFirst(2))
    }
}
