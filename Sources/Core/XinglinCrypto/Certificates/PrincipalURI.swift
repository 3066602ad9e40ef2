/// The URI that names an account in a machine's certificate: `xinglin:principal:NAME`.
enum PrincipalURI {
    private static let prefix = "xinglin:principal:"

    static func text(of account: String) -> String { self.prefix + account }

    /// The account that the URIs of a certificate name, or nil where none or several do.
    static func account(in uris: [String]) -> String? {
        let named = uris.filter { $0.hasPrefix(self.prefix) }
        guard named.count == 1, let uri = named.first else { return nil }
        let account = String(uri.dropFirst(self.prefix.count))
        return self.isAccountName(account) ? account : nil
    }

    /// 1 to 64 of `A`–`Z`, `a`–`z`, `0`–`9`, `-`, `_` and `.`: what an account's name is made of, and what needs no
    /// escape in a URI or in libcrypto's configuration syntax.
    static func isAccountName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
