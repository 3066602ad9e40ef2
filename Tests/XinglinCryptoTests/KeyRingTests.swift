import Foundation
import Testing

@testable import XinglinCrypto

@Suite struct KeyRingTests {
    @Test("The first start makes a private folder with one private key, and later starts read it")
    func firstStart() throws {
        try withFolder { folder in
            let keys = folder + "/data/keys"
            #expect(try !KeyRing.exists(directory: keys))
            let made = try KeyRing.loadOrCreate(directory: keys)
            #expect(made.currentID == 1)
            #expect(try KeyRing.exists(directory: keys))
            #expect(try permissions(of: keys) == 0o700)
            #expect(try permissions(of: keys + "/0001.key") == 0o600)
            let read = try KeyRing.loadOrCreate(directory: keys)
            #expect(read.fingerprints == made.fingerprints)
            let sealed = try FieldCipher(made).seal([1], context: "c")
            #expect(try FieldCipher(read).open(sealed, context: "c") == [1])
        }
    }

    @Test("Two installations have different keys")
    func different() throws {
        try withFolder { folder in
            let one = try KeyRing.loadOrCreate(directory: folder + "/a")
            let other = try KeyRing.loadOrCreate(directory: folder + "/b")
            #expect(one.fingerprints != other.fingerprints)
        }
    }

    @Test("The key with the highest number is the current one")
    func current() throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            _ = try KeyRing.loadOrCreate(directory: keys)
            try SecretFile.write(
                KeyFile.text(of: [UInt8](repeating: 1, count: 32)), to: keys + "/0012.key", mode: 0o600)
            let ring = try KeyRing.loadOrCreate(directory: keys)
            #expect(ring.currentID == 12)
            #expect(Set(ring.fingerprints.keys) == [1, 12])
        }
    }

    @Test(
        "A folder or key that others may read is refused, and the reason says what to run",
        arguments: [0o040, 0o004, 0o020])
    func permissionsRefused(bits: Int) throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            _ = try KeyRing.loadOrCreate(directory: keys)
            try setPermissions(0o600 | bits, of: keys + "/0001.key")
            let file = #expect(throws: CryptoError.self) { try KeyRing.loadOrCreate(directory: keys) }
            #expect("\(try #require(file))".contains("chmod 600 \(keys)/0001.key"))
            try setPermissions(0o600, of: keys + "/0001.key")
            try setPermissions(0o700 | bits, of: keys)
            let directory = #expect(throws: CryptoError.self) { try KeyRing.loadOrCreate(directory: keys) }
            #expect("\(try #require(directory))".contains("chmod 700 \(keys)"))
        }
    }

    @Test("A damaged key file is refused", arguments: ["", "xinglin-key-1 00 00000000\n", "\u{FF}\u{0}"])
    func damaged(content: String) throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            _ = try KeyRing.loadOrCreate(directory: keys)
            try SecretFile.write(Array(content.utf8), to: keys + "/0001.key", mode: 0o600)
            let error = #expect(throws: CryptoError.self) { try KeyRing.loadOrCreate(directory: keys) }
            #expect("\(try #require(error))".contains("0001.key is damaged"))
        }
    }

    @Test("One wrong digit in a key file is noticed")
    func wrongDigit() throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            _ = try KeyRing.loadOrCreate(directory: keys)
            var content = Array(try text(keys + "/0001.key").utf8)
            content[20] = content[20] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            try SecretFile.write(content, to: keys + "/0001.key", mode: 0o600)
            #expect(throws: CryptoError.self) { try KeyRing.loadOrCreate(directory: keys) }
        }
    }

    @Test("A key file with another name is refused", arguments: ["1.key", "00001.key", "0000.key", "copy.key"])
    func wrongName(name: String) throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            _ = try KeyRing.loadOrCreate(directory: keys)
            try SecretFile.write(KeyFile.text(of: [UInt8](repeating: 1, count: 32)), to: "\(keys)/\(name)", mode: 0o600)
            #expect(throws: CryptoError.self) { try KeyRing.loadOrCreate(directory: keys) }
        }
    }

    @Test("A file in place of the folder is refused")
    func noFolder() throws {
        try withFolder { folder in
            try SecretFile.write([], to: folder + "/keys", mode: 0o600)
            #expect(throws: CryptoError.self) { try KeyRing.loadOrCreate(directory: folder + "/keys") }
        }
    }

    @Test("The next key gets the next number, also after one that was retired, and replaces no file")
    func next() throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            _ = try KeyRing.loadOrCreate(directory: keys)
            #expect(try KeyRing.makeNext(directory: keys, after: 0) == 2)
            #expect(try permissions(of: keys + "/0002.key") == 0o600)
            try KeyRing.putAside(2, directory: keys)
            #expect(KeyRing.isPutAside(2, directory: keys))
            #expect(try KeyRing.load(directory: keys).fingerprints.keys.sorted() == [1])
            #expect(try KeyRing.makeNext(directory: keys, after: 0) == 3)
            #expect(try KeyRing.makeNext(directory: keys, after: 8) == 9)
            let first = try text(keys + "/0001.key")
            #expect(throws: CryptoError.self) {
                try SecretFile.write([1], to: keys + "/0001.key", mode: 0o600, isNew: true)
            }
            #expect(try text(keys + "/0001.key") == first)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: keys).sorted() == [
                    "0001.key", "0002.key.retired", "0003.key", "0009.key",
                ])
        }
    }

    @Test("A process that runs finds a key that was added to the folder when it meets a value of it")
    func live() throws {
        try withFolder { folder in
            let keys = folder + "/keys"
            let live = LiveKeys(try KeyRing.loadOrCreate(directory: keys), directory: keys)
            let cipher = FieldCipher(live)
            let next = try KeyRing.makeNext(directory: keys, after: 1)
            let sealed = try FieldCipher(KeyRing.load(directory: keys)).seal([7], context: "c")
            #expect(FieldCipher.keyID(of: sealed) == next)
            #expect(try cipher.open(sealed, context: "c") == [7])
            // It goes on sealing with its own until it is told otherwise.
            #expect(FieldCipher.keyID(of: try cipher.seal([7], context: "c")) == 1)
            let index = try cipher.blindIndex("a", context: "c")
            live.replace(try KeyRing.load(directory: keys).using(current: next, index: 1))
            #expect(FieldCipher.keyID(of: try cipher.seal([7], context: "c")) == next)
            #expect(try cipher.blindIndex("a", context: "c") == index)
            #expect(throws: CryptoError.missingKey(id: 5)) {
                try KeyRing.load(directory: keys).using(current: 5, index: 1)
            }
        }
    }
}
