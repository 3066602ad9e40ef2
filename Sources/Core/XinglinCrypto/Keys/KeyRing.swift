/// The keys that encrypted columns are sealed with: a folder (0700) with one file per key (0600), `0001.key` and on.
/// Keep it outside the database and outside the database's backup.
public struct KeyRing: Sendable {
    /// The key that new values are sealed with: the one with the highest number.
    public let currentID: UInt32
    /// A value per key that tells whether it is the same key, without telling the key. The host stores it in the
    /// database and refuses to start where a key that sealed values there is missing or another.
    public let fingerprints: [UInt32: String]
    /// What looks things up must never change with rotation: the blind index hangs on the lowest key.
    let indexID: UInt32
    let keys: [UInt32: DerivedKeys]

    /// Whether a key lies in the folder already.
    /// - Throws: `CryptoError.file` where the folder is there but cannot be listed.
    public static func exists(directory: String) throws -> Bool {
        guard SecretFile.exists(directory) else { return false }
        return try SecretFile.names(in: directory).contains { $0.hasSuffix(".key") }
    }

    /// Reads the keys in the folder; makes the folder and the first key where there is none.
    /// - Throws: `CryptoError.insecure` where others than the owner may read the folder or a key;
    ///   `CryptoError.malformed` where a key file is damaged; `CryptoError.file` where the system refuses.
    public static func loadOrCreate(directory: String) throws -> KeyRing {
        try SecretFile.makeFolder(directory, mode: 0o700)
        try SecretFile.requirePrivateFolder(directory)
        var keys: [UInt32: [UInt8]] = [:]
        for name in try SecretFile.names(in: directory) where name.hasSuffix(".key") {
            let (id, master) = try self.load(directory, name)
            keys[id] = master
        }
        if keys.isEmpty {
            let master = try SecureRandom.bytes(KeyFile.masterBytes)
            try SecretFile.write(try KeyFile.text(of: master), to: "\(directory)/\(KeyFile.name(of: 1))", mode: 0o600)
            keys[1] = master
        }
        return try KeyRing(keys)
    }

    init(_ masters: [UInt32: [UInt8]]) throws {
        guard let highest = masters.keys.max(), let lowest = masters.keys.min() else {
            throw CryptoError.malformed("the key folder holds no key")
        }
        self.currentID = highest
        self.indexID = lowest
        self.keys = try masters.mapValues { try DerivedKeys(master: $0) }
        self.fingerprints = try masters.mapValues {
            hexadecimal(try SM3.hmac(key: $0, Array("xinglin key fingerprint".utf8)).prefix(16))
        }
    }

    private static func load(_ directory: String, _ name: String) throws -> (UInt32, [UInt8]) {
        let path = "\(directory)/\(name)"
        guard let id = KeyFile.id(of: name) else {
            throw CryptoError.malformed("\(path): a key file is named by its number, such as 0001.key")
        }
        guard let master = try KeyFile.master(in: try SecretFile.read(path, secret: true)) else {
            throw CryptoError.malformed(
                "\(path) is damaged: it must hold one line, `xinglin-key-1`, 64 hexadecimal digits and their check; "
                    + "restore it from its backup")
        }
        return (id, master)
    }
}

/// The form of a key file: `xinglin-key-1 <64 hexadecimal digits> <8 digits of their SM3>`.
enum KeyFile {
    static let masterBytes = 32
    private static let mark = "xinglin-key-1"

    static func name(of id: UInt32) -> String {
        let digits = String(id)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ".key"
    }

    /// The number in a file's name, or nil where the name is not the one that number gives.
    static func id(of name: String) -> UInt32? {
        guard let id = UInt32(name.dropLast(4)), id > 0, self.name(of: id) == name else { return nil }
        return id
    }

    static func text(of master: [UInt8]) throws -> [UInt8] {
        Array("\(self.mark) \(hexadecimal(master)) \(try self.check(of: master))\n".utf8)
    }

    static func master(in content: [UInt8]) throws -> [UInt8]? {
        let parts = String(decoding: content, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 3, parts[0] == self.mark, let master = bytes(fromHexadecimal: parts[1]),
            master.count == self.masterBytes, try self.check(of: master) == parts[2]
        else { return nil }
        return master
    }

    private static func check(of master: [UInt8]) throws -> String {
        hexadecimal(try SM3.digest(Array(self.mark.utf8) + master).prefix(4))
    }
}

/// The keys derived from one master, each for one purpose.
struct DerivedKeys: Sendable {
    /// SM4, 128 bits.
    let encryption: [UInt8]
    /// HMAC-SM3 of sealed values.
    let authentication: [UInt8]
    /// HMAC-SM3 of blind indexes.
    let index: [UInt8]

    init(master: [UInt8]) throws {
        func derive(_ label: String) throws -> [UInt8] { try SM3.hmac(key: master, Array(label.utf8)) }
        self.encryption = Array(try derive("xinglin field encryption").prefix(16))
        self.authentication = try derive("xinglin field authentication")
        self.index = try derive("xinglin blind index")
    }
}
