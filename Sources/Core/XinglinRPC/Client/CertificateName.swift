internal import NIOSSL

/// Whether a certificate is made out to a DNS name (RFC 6125).
///
/// NIOSSL's own check is content when the certificate names either the host's name or the address connected to. Who can
/// mislead our name look-up and holds a certificate for an address of their own would pass it, so the name is checked again here.
enum CertificateName {
    static func isMadeOut(_ certificate: NIOSSLCertificate, to name: String) -> Bool {
        // The underscore is the library's; its version is pinned, and there is no other way to the names.
        certificate._subjectAlternativeNames().contains { alternative in
            alternative.nameType == .dnsName
                && self.matches(String(decoding: alternative.contents, as: UTF8.self), name)
        }
    }

    /// A pattern is a name, or `*.` and the rest of a name whose first label may be any.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let pattern = pattern.lowercased()
        var name = name.lowercased()[...]
        if name.hasSuffix(".") { name = name.dropLast() }
        guard pattern.hasPrefix("*.") else { return pattern == name }
        guard let dot = name.firstIndex(of: "."), dot > name.startIndex else { return false }
        return pattern.dropFirst() == name[dot...]
    }
}
