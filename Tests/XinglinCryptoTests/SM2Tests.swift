import Foundation
import Testing

@testable import XinglinCrypto

struct SM2Tests {
    /// GB/T 32918.5-2017, appendix A.2: the public key and the signature of "message digest" by its example's user.
    private static let point = """
        09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
        ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13
        """
    private static let r = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    private static let s = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    private static let prefix = "3059301306072a8648ce3d020106082a811ccf5501822d03420004"

    private static func standardKey() throws -> VerifyingKey {
        try VerifyingKey(der: try #require(bytes(fromHexadecimal: Self.prefix + Self.point)))
    }

    private static func standardSignature() throws -> [UInt8] {
        // Both numbers begin with a bit that is set, so DER puts a zero in front.
        try #require(bytes(fromHexadecimal: "3046022100\(Self.r)022100\(Self.s)"))
    }

    @Test("The signature of the standard's example is valid, and only for its message")
    func standardExample() throws {
        let key = try Self.standardKey()
        #expect(try key.verifies(Self.standardSignature(), of: Array("message digest".utf8)))
        #expect(try !key.verifies(Self.standardSignature(), of: Array("message digesT".utf8)))
    }

    @Test("What a key signs, it and no other key verifies; no byte of message or signature may change")
    func roundTrip() throws {
        try withFolder { folder in
            let key = try SigningKey.make(at: "\(folder)/checkpoint.pem")
            let other = try SigningKey.make(at: "\(folder)/other.pem")
            let message = Array("the heads of all chains".utf8)
            let signature = try key.sign(message)
            #expect(try key.verifying.verifies(signature, of: message))
            #expect(try !other.verifying.verifies(signature, of: message))
            for index in signature.indices {
                var changed = signature
                changed[index] ^= 1
                #expect(try !key.verifying.verifies(changed, of: message), "byte \(index)")
            }
            #expect(try !key.verifying.verifies([], of: message))
            #expect(try !key.verifying.verifies(signature, of: []))
        }
    }

    @Test("OpenSSL's own command verifies a signature, as docs/audit.md tells an outsider")
    func outsider() throws {
        try withFolder { folder in
            let key = try SigningKey.make(at: "\(folder)/checkpoint.pem")
            let message = Array("{\"number\":1}".utf8)
            try Data(message).write(to: URL(fileURLWithPath: "\(folder)/body"))
            try Data(key.sign(message)).write(to: URL(fileURLWithPath: "\(folder)/signature"))
            try PublicFile.write(key.verifying.pem, to: "\(folder)/public.pem")
            let command = [
                "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "\(folder)/public.pem", "-rawin", "-digest", "sm3",
                "-pkeyopt", "distid:1234567812345678", "-in", "\(folder)/body", "-sigfile", "\(folder)/signature",
            ]
            #expect(try run(command).status == 0)
            try Data(message + [0x20]).write(to: URL(fileURLWithPath: "\(folder)/body"))
            #expect(try run(command).status != 0)
        }
    }

    @Test("A key is the same after it was written and read, and its public half survives PEM")
    func files() throws {
        try withFolder { folder in
            let path = "\(folder)/checkpoint.pem"
            #expect(try SigningKey.load(path) == nil)
            let made = try SigningKey.make(at: path)
            #expect(try permissions(of: path) == 0o600)
            let read = try #require(try SigningKey.load(path))
            #expect(read.verifying == made.verifying)
            #expect(try VerifyingKey(pem: made.verifying.pem) == made.verifying)
            #expect(try made.verifying.verifies(read.sign([1, 2, 3]), of: [1, 2, 3]))
            #expect(throws: CryptoError.self, "no key is overwritten") { try SigningKey.make(at: path) }
            try setPermissions(0o644, of: path)
            #expect(throws: CryptoError.self, "open to others") { try SigningKey.load(path) }
            try setPermissions(0o600, of: path)
            try Data("-----BEGIN PRIVATE KEY-----\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: CryptoError.self, "damaged") { try SigningKey.load(path) }
        }
    }

    @Test(
        "What is no public key of SM2 is refused",
        arguments: [
            "", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ])
    func strangeText(pem: String) {
        #expect(throws: CryptoError.self) { try VerifyingKey(pem: pem) }
    }

    @Test("A point that is not on the curve, and a point of another curve, are refused")
    func strangePoints() throws {
        var off = try Self.standardKey().der
        off[off.count - 1] ^= 1
        #expect(throws: CryptoError.self) { try VerifyingKey(der: off) }
        var other = try Self.standardKey().der
        other[14] ^= 1
        #expect(throws: CryptoError.self) { try VerifyingKey(der: other) }
    }
}
