internal import Glibc

/// The names and addresses that a certificate is good for.
struct SubjectNames: Hashable {
    /// In lower case, sorted, each once.
    let dnsNames: [String]
    /// In the system's canonical text, sorted, each once.
    let addresses: [String]

    init(dnsNames: [String], addresses: [String]) {
        self.dnsNames = Set(dnsNames.map { $0.lowercased() }).sorted()
        self.addresses = Set(addresses).sorted()
    }

    /// What the host's certificate names. The machine's own name is left out where it is not fit for a certificate.
    static func forServer(hostName: String?, further: [String]) throws -> SubjectNames {
        var dnsNames = ["localhost"]
        var addresses = ["127.0.0.1", "::1"]
        if let hostName, self.isDNSName(hostName) { dnsNames.append(hostName) }
        for name in further {
            if let address = IPAddress.canonical(name) {
                addresses.append(address)
            } else if self.isDNSName(name) {
                dnsNames.append(name)
            } else {
                throw CryptoError.malformed(
                    "\"\(name)\" in tls.names is neither a DNS name (his.example.cn, *.example.cn) nor an IP address")
            }
        }
        return SubjectNames(dnsNames: dnsNames, addresses: addresses)
    }

    /// Labels of letters, digits, hyphens and underscores, the first of which may be `*`.
    static func isDNSName(_ text: String) -> Bool {
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 2, labels.first == "*" { labels.removeFirst() }
        return text.utf8.count <= 253 && labels.allSatisfy(self.isLabel)
            // A last label of digits alone is a mistyped address.
            && labels.last?.utf8.allSatisfy(self.isDigit) == false
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                self.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x5F
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }
}

enum IPAddress {
    /// The canonical text of an IPv4 or IPv6 address, or nil where the text is none.
    static func canonical(_ text: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &buffer) == 1 { return self.text(of: Array(buffer.prefix(4))) }
        if inet_pton(AF_INET6, text, &buffer) == 1 { return self.text(of: buffer) }
        return nil
    }

    /// The text of 4 or 16 bytes, or nil.
    static func text(of bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
