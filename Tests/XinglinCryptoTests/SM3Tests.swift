import Foundation
import Testing

@testable import XinglinCrypto

@Suite struct SM3Tests {
    @Test("SM3 gives the digests of GB/T 32905's examples")
    func standardVectors() throws {
        #expect(
            try SM3.hex(Array("abc".utf8)) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        let blocks = Array(String(repeating: "abcd", count: 16).utf8)
        #expect(try SM3.hex(blocks) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")
    }

    @Test("SM3 takes any collection of bytes, and none")
    func collections() throws {
        #expect(try SM3.digest("abc".utf8) == SM3.digest(Array("abc".utf8)))
        #expect(try SM3.digest(Array("xabcx".utf8)[1...3]) == SM3.digest(Array("abc".utf8)))
        #expect(try SM3.hex([]) == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")
    }

    @Test("SHA-256 gives FIPS 180's example")
    func sha256() throws {
        #expect(
            try SHA256.hex(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(
        "HMAC-SM3 is what the openssl command gives",
        arguments: [(1, 0), (16, 3), (32, 64), (64, 65), (65, 1), (200, 1000)])
    func hmac(keyBytes: Int, textBytes: Int) throws {
        let key = (0..<keyBytes).map { UInt8($0 & 255) }
        let text = (0..<textBytes).map { UInt8(($0 * 7) & 255) }
        let reference = try run(
            ["openssl", "dgst", "-sm3", "-mac", "HMAC", "-macopt", "hexkey:\(hex(key))", "-r"], input: text)
        try #require(reference.status == 0)
        #expect(hex(try SM3.hmac(key: key, text)) == String(decoding: reference.output.prefix(64), as: UTF8.self))
    }

    @Test("HMAC-SM3 under an empty key is HMAC under zeros")
    func emptyKey() throws {
        let text = Array("text".utf8)
        #expect(try SM3.hmac(key: [], text) == SM3.hmac(key: [UInt8](repeating: 0, count: 64), text))
    }

    @Test("Digests are right when many threads take them at once")
    func threads() throws {
        let text = Array("abc".utf8)
        let expected = try SM3.hmac(key: text, text)
        let wrong = Counter()
        DispatchQueue.concurrentPerform(iterations: 2000) { _ in
            if (try? SM3.hmac(key: text, text)) != expected { wrong.increment() }
        }
        #expect(wrong.value == 0)
    }
}
