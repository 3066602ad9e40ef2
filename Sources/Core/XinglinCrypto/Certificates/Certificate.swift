internal import CLibCrypto
internal import Glibc

/// An X.509 certificate, and the owner of libcrypto's memory for it.
final class Certificate {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(self.pointer)
    }

    /// Reads the first certificate in PEM.
    /// - Throws: `CryptoError.malformed` where there is none.
    convenience init(pem: [UInt8], path: String) throws {
        let memory = try MemoryBIO(reading: pem)
        guard let certificate = PEM_read_bio_X509(memory.pointer, nil, nil, nil) else {
            ERR_clear_error()
            throw CryptoError.malformed("\(path) holds no certificate in PEM")
        }
        self.init(owning: certificate)
    }

    /// Reads a certificate in DER.
    /// - Throws: `CryptoError.malformed` where the bytes are no certificate, or more than one.
    convenience init(der: [UInt8]) throws {
        var read: (certificate: OpaquePointer, isWhole: Bool)?
        der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            if let certificate = d2i_X509(nil, &cursor, bytes.count) {
                read = (certificate, cursor == bytes.baseAddress.map { $0 + bytes.count })
            }
        }
        guard let read else {
            ERR_clear_error()
            throw CryptoError.malformed("the bytes are no certificate in DER")
        }
        self.init(owning: read.certificate)
        guard read.isWhole else { throw CryptoError.malformed("there are bytes behind the certificate") }
    }

    func pem() throws -> [UInt8] {
        let memory = try MemoryBIO()
        try require(PEM_write_bio_X509(memory.pointer, self.pointer) == 1, "PEM_write_bio_X509")
        return try memory.content()
    }

    /// Seconds since 1970.
    var notBefore: Int64 {
        get throws { try Self.seconds(X509_get0_notBefore(self.pointer)) }
    }

    /// Seconds since 1970.
    var notAfter: Int64 {
        get throws { try Self.seconds(X509_get0_notAfter(self.pointer)) }
    }

    /// The subject in the order and form of RFC 2253: `CN=Xinglin host`.
    var subject: String {
        get throws {
            let memory = try MemoryBIO()
            let name = X509_get_subject_name(self.pointer)
            try require(X509_NAME_print_ex(memory.pointer, name, 0, Self.nameFormat) >= 0, "X509_NAME_print_ex")
            return String(decoding: try memory.content(), as: UTF8.self)
        }
    }

    /// XN_FLAG_RFC2253, which Swift does not import, without ESC_MSB: a Chinese name comes as UTF-8, not as escaped
    /// bytes.
    private static let nameFormat = UInt(
        ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN
            | ASN1_STRFLGS_DUMP_DER | Int32(XN_FLAG_SEP_COMMA_PLUS) | Int32(XN_FLAG_DN_REV) | Int32(XN_FLAG_FN_SN)
            | Int32(XN_FLAG_DUMP_UNKNOWN_FIELDS))

    func belongs(to key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(self.pointer, key.pointer) == 1
    }

    /// Whether that CA's key signed it.
    func isIssued(by authority: Certificate) throws -> Bool {
        let key = try require(X509_get0_pubkey(authority.pointer), "X509_get0_pubkey")
        defer { ERR_clear_error() }
        return X509_verify(self.pointer, key) == 1
    }

    /// The DNS names and addresses in the subject's alternative names.
    func subjectNames() throws -> SubjectNames {
        var dnsNames: [String] = []
        var addresses: [String] = []
        self.eachAlternativeName { name in
            if name.type == GEN_DNS {
                dnsNames.append(String(decoding: Self.bytes(name.d.dNSName), as: UTF8.self))
            } else if name.type == GEN_IPADD, let text = IPAddress.text(of: Self.bytes(name.d.iPAddress)) {
                addresses.append(text)
            }
        }
        return SubjectNames(dnsNames: dnsNames, addresses: addresses)
    }

    /// The URIs in the subject's alternative names, in their order.
    func uris() -> [String] {
        var uris: [String] = []
        self.eachAlternativeName { name in
            guard name.type == GEN_URI else { return }
            uris.append(String(decoding: Self.bytes(name.d.uniformResourceIdentifier), as: UTF8.self))
        }
        return uris
    }

    private func eachAlternativeName(_ body: (GENERAL_NAME) -> Void) {
        guard let raw = X509_get_ext_d2i(self.pointer, NID_subject_alt_name, nil, nil) else { return }
        let stack = OpaquePointer(raw)
        defer { GENERAL_NAMES_free(stack) }
        for index in 0..<OPENSSL_sk_num(stack) {
            if let name = OPENSSL_sk_value(stack, index)?.assumingMemoryBound(to: GENERAL_NAME.self) {
                body(name.pointee)
            }
        }
    }

    /// The serial number in lowercase hexadecimal digits.
    var serial: String {
        hexadecimal(Self.bytes(UnsafeMutablePointer(mutating: X509_get0_serialNumber(self.pointer))))
    }

    /// The SHA-256 of its DER, as `openssl x509 -fingerprint -sha256` gives it.
    var fingerprint: [UInt8] {
        get throws {
            var digest = [UInt8](repeating: 0, count: 32)
            var count: UInt32 = 0
            let done = X509_digest(self.pointer, try Algorithms.sha256.get().pointer, &digest, &count) == 1
            try require(done && count == 32, "X509_digest")
            return digest
        }
    }

    /// Whether it may show who a client is, and nothing else: neither a server's certificate nor a CA's.
    var isForClientsAlone: Bool {
        let uses = X509_get_extended_key_usage(self.pointer)
        let isCA = X509_get_extension_flags(self.pointer) & UInt32(EXFLAG_CA) != 0
        return uses == UInt32(XKU_SSL_CLIENT) && !isCA
    }

    private static func bytes(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> [UInt8] {
        Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws -> Int64 {
        var parts = tm()
        try require(ASN1_TIME_to_tm(time, &parts) == 1, "ASN1_TIME_to_tm")
        return Int64(timegm(&parts))
    }
}
