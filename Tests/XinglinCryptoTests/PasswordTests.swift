import Testing

@testable import XinglinCrypto

@Suite struct PasswordTests {
    @Test("A password verifies against its own hash alone")
    func verify() throws {
        let stored = try PasswordHash.make("杏林 correct horse")
        #expect(stored.hasPrefix("scrypt$15$8$1$"))
        #expect(try PasswordHash.verify("杏林 correct horse", against: stored))
        #expect(try !PasswordHash.verify("杏林 correct hors", against: stored))
        #expect(try !PasswordHash.verify("", against: stored))
        #expect(try PasswordHash.make("杏林 correct horse") != stored)
    }

    @Test("A hash of RFC 7914's parameters with Python's salt verifies")
    func foreign() throws {
        let script = """
            import base64, hashlib
            h = hashlib.scrypt(b"secret", salt=b"0123456789abcdef", n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
            print(base64.b64encode(h).decode(), end="")
            """
        let reference = try run(["python3", "-c", script])
        try #require(reference.status == 0)
        let hash = String(decoding: reference.output, as: UTF8.self)
        #expect(try PasswordHash.verify("secret", against: "scrypt$15$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$\(hash)"))
    }

    @Test("Nothing verifies against the dummy, which has the standard cost")
    func dummy() throws {
        #expect(try #require(PasswordHash(PasswordHash.dummy)).cost == .standard)
        #expect(try !PasswordHash.verify("admin", against: PasswordHash.dummy))
        #expect(try !PasswordHash.verify("", against: PasswordHash.dummy))
    }

    @Test(
        "A stored text that is no hash of ours is refused, extravagant costs included",
        arguments: [
            "", "secret", "scrypt$15$8$1$MDEyMzQ1Njc4OWFiY2RlZg==", "scrypt$63$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$AAAA",
            "bcrypt$15$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$30$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$15$8$1$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$15$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$AAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ])
    func malformed(stored: String) {
        #expect(throws: CryptoError.self) { try PasswordHash.verify("secret", against: stored) }
    }

    @Test("Tokens are 43 characters of base64url and never repeat")
    func tokens() throws {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let tokens = try (0..<500).map { _ in try SecureRandom.token() }
        #expect(tokens.allSatisfy { $0.count == 43 && Set($0).isSubset(of: allowed) })
        #expect(Set(tokens).count == tokens.count)
    }

    @Test("Generated passwords are four groups of four without look-alikes, and use the whole alphabet")
    func passwords() throws {
        let passwords = try (0..<500).map { _ in try SecureRandom.password() }
        #expect(passwords.allSatisfy { $0.split(separator: "-").map(\.count) == [4, 4, 4, 4] })
        #expect(Set(passwords).count == passwords.count)
        let used = Set(passwords.joined().utf8).subtracting([UInt8(ascii: "-")])
        #expect(used == Set(SecureRandom.passwordAlphabet))
        #expect(used.isDisjoint(with: Set("ilo01".utf8)))
    }

    @Test("Random bytes come in the number asked for")
    func randomBytes() throws {
        #expect(try SecureRandom.bytes(0).isEmpty)
        #expect(try SecureRandom.bytes(33).count == 33)
        #expect(try SecureRandom.bytes(16) != SecureRandom.bytes(16))
    }
}
