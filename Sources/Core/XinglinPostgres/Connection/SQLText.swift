/// Quoting, for the few statements whose parts cannot be bound: names of roles and schemas, SET, CREATE ROLE.
enum SQLText {
    /// A quoted identifier.
    static func identifier(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// A quoted string, whatever `standard_conforming_strings` says.
    static func literal(_ text: String) -> String {
        let quoted = "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        guard quoted.contains("\\") else { return quoted }
        return " E" + quoted.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
    }

    /// Whether the name may stand as a module's code, a schema and a role's suffix.
    static func isPlainName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7A).contains(first), name.utf8.count <= 31 else { return false }
        return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
