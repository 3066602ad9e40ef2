/// The keys that encrypted columns are sealed with: a folder (0700) with one file per key (0600), `0001.key` and on.
/// Keep it outside the database and outside the database's backup.
public struct KeyRing: Sendable {
    /// The key that new values are sealed with: the one with the highest number, unless another was chosen.
    public let currentID: UInt32
    /// What looks things up must never change with rotation: the blind index hangs on the lowest key, unless another was
    /// chosen.
    public let indexID: UInt32
    /// A value per key that tells whether it is the same key, without telling the key. The host stores it in the
    /// database and refuses to start where a key that sealed values there is missing or another.
    public let fingerprints: [UInt32: String]
    /// When each key's file was written, in seconds since 1970.
    public let madeAt: [UInt32: Int64]
    let keys: [UInt32: DerivedKeys]

    /// Reads the keys in the folder; makes the folder and the first key where there is none.
    /// - Throws: `CryptoError.insecure` where others than the owner may read the folder or a key;
    ///   `CryptoError.malformed` where a key file is damaged; `CryptoError.file` where the system refuses.
    public static func loadOrCreate(directory: String) throws -> KeyRing {
        try SecretFile.makeFolder(directory, mode: 0o700)
        try SecretFile.requirePrivateFolder(directory)
        if try !self.exists(directory: directory) { _ = try self.makeNext(directory: directory, after: 0) }
        return try self.load(directory: directory)
    }

    /// Reads the keys in the folder.
    /// - Throws: as `loadOrCreate`, and `CryptoError.malformed` where there is none.
    public static func load(directory: String) throws -> KeyRing {
        try SecretFile.requirePrivateFolder(directory)
        var masters: [UInt32: [UInt8]] = [:]
        var madeAt: [UInt32: Int64] = [:]
        for name in try SecretFile.names(in: directory) where name.hasSuffix(".key") {
            let (id, master) = try self.load(directory, name)
            masters[id] = master
            madeAt[id] = try SecretFile.time(of: "\(directory)/\(name)")
        }
        return try KeyRing(masters, madeAt: madeAt)
    }

    /// The same keys, of which these two seal new values and make blind indexes.
    /// - Throws: `CryptoError.missingKey`.
    public func using(current: UInt32, index: UInt32) throws -> KeyRing {
        for id in [current, index] where self.keys[id] == nil { throw CryptoError.missingKey(id: id) }
        return KeyRing(
            currentID: current, indexID: index, fingerprints: self.fingerprints, madeAt: self.madeAt, keys: self.keys)
    }

    init(_ masters: [UInt32: [UInt8]], madeAt: [UInt32: Int64] = [:]) throws {
        guard let highest = masters.keys.max(), let lowest = masters.keys.min() else {
            throw CryptoError.malformed("the key folder holds no key")
        }
        self.init(
            currentID: highest, indexID: lowest,
            fingerprints: try masters.mapValues {
                hexadecimal(try SM3.hmac(key: $0, Array("xinglin key fingerprint".utf8)).prefix(16))
            }, madeAt: madeAt, keys: try masters.mapValues { try DerivedKeys(master: $0) })
    }

    private init(
        currentID: UInt32, indexID: UInt32, fingerprints: [UInt32: String], madeAt: [UInt32: Int64],
        keys: [UInt32: DerivedKeys]
    ) {
        self.currentID = currentID
        self.indexID = indexID
        self.fingerprints = fingerprints
        self.madeAt = madeAt
        self.keys = keys
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
