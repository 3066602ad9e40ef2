import Foundation
import Testing

@testable import XinglinCrypto

struct KeyArchiveTests {
    private static let passphrase = "correct horse 电池 staple"

    private static func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("archive-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test("keys and certificates come back as they were, with their modes, and nothing is overwritten")
    func roundTrip() throws {
        let (old, new) = (try Self.folder(), try Self.folder())
        defer { for path in [old, new] { try? FileManager.default.removeItem(atPath: path) } }
        let ring = try KeyRing.loadOrCreate(directory: "\(old)/keys")
        _ = try KeyRing.makeNext(directory: "\(old)/keys", after: 1)
        try SecretFile.makeFolder("\(old)/tls", mode: 0o755)
        try SecretFile.write(Array("certificate".utf8), to: "\(old)/tls/ca.pem", mode: 0o644)
        let file = "\(old)/archive"
        try KeyArchive(collecting: old).write(to: file, passphrase: Self.passphrase)
        #expect(throws: CryptoError.self) {
            try KeyArchive(collecting: old).write(to: file, passphrase: Self.passphrase)
        }

        let archive = try KeyArchive(try SecretFile.read(file, secret: true), passphrase: Self.passphrase)
        #expect(archive.files.map(\.path) == ["keys/0001.key", "keys/0002.key", "tls/ca.pem"])
        #expect(try archive.place(in: new).count == 3)
        #expect(try archive.place(in: new) == [])
        let restored = try KeyRing.load(directory: "\(new)/keys")
        #expect(restored.fingerprints[1] == ring.fingerprints[1] && restored.currentID == 2)
        let mode = try FileManager.default.attributesOfItem(atPath: "\(new)/tls/ca.pem")[.posixPermissions]
        #expect(mode as? Int == 0o644)
        try SecretFile.write(Array("another".utf8), to: "\(new)/tls/ca.pem", mode: 0o644)
        #expect(throws: CryptoError.self) { try archive.place(in: new) }
        #expect(try SecretFile.read("\(new)/tls/ca.pem", secret: false) == Array("another".utf8))
    }

    @Test("another passphrase, an altered byte or a missing end opens nothing")
    func refused() throws {
        let archive = KeyArchive(files: [.init(path: "keys/0001.key", mode: 0o600, content: Array(0...255))])
        let sealed = try archive.sealed(Self.passphrase)
        #expect(try KeyArchive(sealed, passphrase: Self.passphrase) == archive)
        #expect(sealed != (try archive.sealed(Self.passphrase)))
        #expect(throws: CryptoError.notAuthentic) { try KeyArchive(sealed, passphrase: "another passphrase") }
        for place in [8, 24, 40, sealed.count / 2, sealed.count - 1] {
            var altered = sealed
            altered[place] ^= 1
            #expect(throws: CryptoError.notAuthentic, "byte \(place)") {
                try KeyArchive(altered, passphrase: Self.passphrase)
            }
        }
        #expect(throws: CryptoError.notAuthentic) {
            try KeyArchive(Array(sealed.dropLast()), passphrase: Self.passphrase)
        }
        #expect(throws: CryptoError.self) { try KeyArchive([], passphrase: Self.passphrase) }
        #expect(throws: CryptoError.self) { try archive.sealed("too short") }
    }

    @Test(
        "an archive cannot write beside the data folder",
        arguments: ["/etc/passwd", "../keys/0001.key", "keys/../../x"])
    func outside(path: String) throws {
        let sealed = try KeyArchive(files: [.init(path: path, mode: 0o600, content: [1])]).sealed(Self.passphrase)
        #expect(throws: CryptoError.self) { try KeyArchive(sealed, passphrase: Self.passphrase) }
    }
}
