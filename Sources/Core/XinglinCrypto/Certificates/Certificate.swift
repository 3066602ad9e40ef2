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
        guard let raw = X509_get_ext_d2i(self.pointer, NID_subject_alt_name, nil, nil) else {
            return SubjectNames(dnsNames: [], addresses: [])
        }
        let stack = OpaquePointer(raw)
        defer { GENERAL_NAMES_free(stack) }
        var dnsNames: [String] = []
        var addresses: [String] = []
        for index in 0..<OPENSSL_sk_num(stack) {
            guard let name = OPENSSL_sk_value(stack, index)?.assumingMemoryBound(to: GENERAL_NAME.self) else {
                continue
            }
            if name.pointee.type == GEN_DNS {
                dnsNames.append(String(decoding: Self.bytes(name.pointee.d.dNSName), as: UTF8.self))
            } else if name.pointee.type == GEN_IPADD,
                let text = IPAddress.text(of: Self.bytes(name.pointee.d.iPAddress))
            {
                addresses.append(text)
            }
        }
        return SubjectNames(dnsNames: dnsNames, addresses: addresses)
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
