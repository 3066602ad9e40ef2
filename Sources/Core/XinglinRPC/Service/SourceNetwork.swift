internal import Glibc

/// What counts as one source: an IPv4 address, or the /64 network of an IPv6 address, for whoever has one address of it has all.
enum SourceNetwork {
    /// The name of the source that an address belongs to; a text that is no address is its own.
    static func name(of address: String) -> String {
        guard address.contains(":") else { return address }
        // Sixteen bytes by hand: which module declares in6_addr depends on what else the compiler has seen.
        var parsed = [UInt8](repeating: 0, count: 16)
        // A zone, as in fe80::1%eth0, is no part of the network.
        let plain = address.prefix { $0 != "%" }
        guard inet_pton(AF_INET6, String(plain), &parsed) == 1 else { return address }
        return parsed.withUnsafeBytes { bytes in
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            if isMapped { return bytes[12...].map { String($0) }.joined(separator: ".") }
            let groups = stride(from: 0, to: 8, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
            return groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
        }
    }
}
