/// Hides what is secret in a setting before it is shown.
enum SecretMask {
    private static let mark = "••••"

    /// The value with passwords hidden: those in connection strings, and whatever a secret's name is given to.
    static func masked(_ value: String, of key: String) -> String {
        let name = key.lowercased()
        if name.hasPrefix("modules."), ["password", "secret", "token", "key"].contains(where: { name.contains($0) }) {
            return self.mark
        }
        guard name.hasPrefix("database.") && name.hasSuffix("url") || value.contains("://") else { return value }
        return self.connectionString(value)
    }

    private static func connectionString(_ text: String) -> String {
        text.replacing(/(:\/\/[^:@\/]*):[^\/]*@/) { "\($0.1):\(self.mark)@" }
            .replacing(/((?:ssl)?password)=[^&\s']+/.ignoresCase()) { "\($0.1)=\(self.mark)" }
            .replacing(/((?:ssl)?password)\s*=\s*(?:'(?:[^'\\]|\\.)*'|[^\s'&]+)/.ignoresCase()) {
                "\($0.1)=\(self.mark)"
            }
    }
}
