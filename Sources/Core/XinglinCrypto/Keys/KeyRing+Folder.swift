/// What happens to the files of keys. None is ever overwritten or deleted.
extension KeyRing {
    /// Whether a key lies in the folder already.
    /// - Throws: `CryptoError.file` where the folder is there but cannot be listed.
    public static func exists(directory: String) throws -> Bool {
        guard SecretFile.exists(directory) else { return false }
        return try SecretFile.names(in: directory).contains { $0.hasSuffix(".key") }
    }

    /// Makes a key with the next free number and gives the number. When this returns, the file is on disk whole; it belongs
    /// to the folder's owner.
    /// - Parameter last: a number that was used already, whether its file is still there or not.
    /// - Throws: `CryptoError.file` where the system refuses; nothing is left behind then.
    public static func makeNext(directory: String, after last: UInt32) throws -> UInt32 {
        let used = try SecretFile.names(in: directory).compactMap { name in
            KeyFile.id(
                of: name.hasSuffix(KeyFile.retiredSuffix)
                    ? String(name.dropLast(KeyFile.retiredSuffix.utf8.count)) : name)
        }
        let (id, isTooLarge) = max(last, used.max() ?? 0).addingReportingOverflow(1)
        guard !isTooLarge else {
            throw CryptoError.malformed("\(directory) holds a key with the highest number there is")
        }
        let master = try SecureRandom.bytes(KeyFile.masterBytes)
        try SecretFile.write(
            try KeyFile.text(of: master), to: "\(directory)/\(KeyFile.name(of: id))", mode: 0o600, isNew: true)
        return id
    }

    /// Moves a key's file aside, `NNNN.key.retired`, where no reader of the folder takes it up.
    /// - Throws: `CryptoError.file` where the system refuses.
    public static func putAside(_ id: UInt32, directory: String) throws {
        let path = self.path(of: id, directory: directory)
        guard SecretFile.exists(path) else { return }
        try SecretFile.move(path, to: path + KeyFile.retiredSuffix)
    }

    /// Whether a key's file was moved aside.
    public static func isPutAside(_ id: UInt32, directory: String) -> Bool {
        SecretFile.exists(self.path(of: id, directory: directory) + KeyFile.retiredSuffix)
    }

    /// Where a key's file lies.
    public static func path(of id: UInt32, directory: String) -> String {
        "\(directory)/\(KeyFile.name(of: id))"
    }
}
