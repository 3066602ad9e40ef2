/// The form of a key file: `xinglin-key-1 <64 hexadecimal digits> <8 digits of their SM3>`.
enum KeyFile {
    static let masterBytes = 32
    private static let mark = "xinglin-key-1"

    /// What the file of a key that is in use no longer is called.
    static let retiredSuffix = ".retired"

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
