import Testing

@testable import XinglinCrypto

@Suite struct FieldCipherTests {
    private static let context = "people.person.phone/0198f3a2"

    private func ring(_ seeds: [UInt32: UInt8]) throws -> KeyRing {
        try KeyRing(seeds.mapValues { [UInt8](repeating: $0, count: 32) })
    }

    @Test("SM4-CTR is what the openssl command gives", arguments: [1, 15, 16, 17, 100])
    func counterMode(count: Int) throws {
        let key = (0..<16).map { UInt8($0) }
        // The counter runs over a byte's end.
        let iv = [UInt8](repeating: 0xFF, count: 16)
        let text = (0..<count).map { UInt8($0) }
        let reference = try run(["openssl", "enc", "-sm4-ctr", "-K", hex(key), "-iv", hex(iv)], input: text)
        try #require(reference.status == 0)
        #expect(try SM4CTR.apply(key: key, iv: iv, to: text) == reference.output)
    }

    @Test("What is sealed opens again", arguments: [0, 1, 11, 16, 18, 1000])
    func roundTrip(count: Int) throws {
        let cipher = FieldCipher(try self.ring([1: 7]))
        let plain = (0..<count).map { UInt8($0 & 255) }
        let sealed = try cipher.seal(plain, context: Self.context)
        #expect(sealed.count == count + FieldCipher.overhead)
        #expect(sealed.prefix(5) == [1, 0, 0, 0, 1])
        #expect(try cipher.open(sealed, context: Self.context) == plain)
    }

    @Test("Equal values are sealed differently")
    func fresh() throws {
        let cipher = FieldCipher(try self.ring([1: 7]))
        #expect(try cipher.seal([1, 2, 3], context: "a") != cipher.seal([1, 2, 3], context: "a"))
    }

    @Test("A change of any single bit is refused")
    func tampering() throws {
        let cipher = FieldCipher(try self.ring([1: 7]))
        let sealed = try cipher.seal(Array("13800000000".utf8), context: Self.context)
        for position in sealed.indices {
            for bit in 0..<8 {
                var altered = sealed
                altered[position] ^= 1 << bit
                #expect(throws: CryptoError.self, "byte \(position), bit \(bit)") {
                    try cipher.open(altered, context: Self.context)
                }
            }
        }
    }

    @Test("A sealed value that was cut or lengthened is refused")
    func length() throws {
        let cipher = FieldCipher(try self.ring([1: 7]))
        let sealed = try cipher.seal(Array("13800000000".utf8), context: Self.context)
        for count in 0..<sealed.count {
            #expect(throws: CryptoError.self) { try cipher.open(Array(sealed.prefix(count)), context: Self.context) }
        }
        #expect(throws: CryptoError.notAuthentic) { try cipher.open(sealed + [0], context: Self.context) }
    }

    @Test("Another context or another key does not open it")
    func wrongContextOrKey() throws {
        let cipher = FieldCipher(try self.ring([1: 7]))
        let sealed = try cipher.seal([1, 2, 3], context: Self.context)
        #expect(throws: CryptoError.notAuthentic) { try cipher.open(sealed, context: Self.context + "x") }
        #expect(throws: CryptoError.notAuthentic) {
            try FieldCipher(self.ring([1: 8])).open(sealed, context: Self.context)
        }
        #expect(throws: CryptoError.missingKey(id: 1)) {
            try FieldCipher(self.ring([2: 7])).open(sealed, context: Self.context)
        }
    }

    @Test("After rotation old values open, new ones use the new key, and look-ups stay the same")
    func rotation() throws {
        let old = FieldCipher(try self.ring([1: 7]))
        let sealed = try old.seal([1, 2, 3], context: Self.context)
        let new = FieldCipher(try self.ring([1: 7, 2: 9]))
        #expect(try new.open(sealed, context: Self.context) == [1, 2, 3])
        #expect(try new.seal([1], context: Self.context).prefix(5) == [1, 0, 0, 0, 2])
        #expect(try new.blindIndex("1", context: "c") == old.blindIndex("1", context: "c"))
    }

    @Test("A blind index depends on text, context and key, and the two do not run together")
    func blindIndex() throws {
        let cipher = FieldCipher(try self.ring([1: 7]))
        let index = try cipher.blindIndex("ab", context: "c")
        #expect(index.count == 32)
        #expect(try cipher.blindIndex("ab", context: "c") == index)
        #expect(try cipher.blindIndex("b", context: "ca") != index)
        #expect(try cipher.blindIndex("ab", context: "d") != index)
        #expect(try FieldCipher(self.ring([1: 8])).blindIndex("ab", context: "c") != index)
    }
}
