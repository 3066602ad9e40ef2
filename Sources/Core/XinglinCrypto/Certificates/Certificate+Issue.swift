internal import CLibCrypto
internal import Glibc

extension Certificate {
    /// What a certificate is for.
    enum Purpose {
        /// A CA that may sign servers, but no further CA.
        case authority(commonName: String)
        case server(commonName: String, SubjectNames)
        /// A machine account's: it shows who calls, and never passes as a server's.
        case client(account: String)

        var commonName: String {
            switch self {
            case .authority(let name), .server(let name, _), .client(let name): name
            }
        }

        /// The extensions in libcrypto's configuration syntax, in the order in which they must be added: the
        /// authority's key identifier is copied from the issuer, which for the CA is the certificate itself.
        var extensions: [(id: Int32, value: String)] {
            switch self {
            case .authority:
                [
                    (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                    (NID_key_usage, "critical,keyCertSign,cRLSign"),
                    (NID_subject_key_identifier, "hash"),
                ]
            case .server(_, let subjects):
                [
                    (NID_basic_constraints, "critical,CA:FALSE"),
                    (NID_key_usage, "critical,digitalSignature"),
                    (NID_ext_key_usage, "serverAuth"),
                    (NID_subject_key_identifier, "hash"),
                    (NID_authority_key_identifier, "keyid:always"),
                    (NID_subject_alt_name, subjects.extensionText),
                ]
            case .client(let account):
                [
                    (NID_basic_constraints, "critical,CA:FALSE"),
                    (NID_key_usage, "critical,digitalSignature"),
                    (NID_ext_key_usage, "clientAuth"),
                    (NID_subject_key_identifier, "hash"),
                    (NID_authority_key_identifier, "keyid:always"),
                    (NID_subject_alt_name, "URI:\(PrincipalURI.text(of: account))"),
                ]
            }
        }
    }

    /// Makes and signs a certificate for the key.
    /// - Parameters:
    ///   - publicKey: The key that it is made out for; it stays its owner's.
    ///   - issuer: The CA's certificate, or nil where the certificate signs itself.
    static func issue(
        _ purpose: Purpose, publicKey: OpaquePointer, issuer: Certificate?, issuerKey: PrivateKey, from: Int64,
        until: Int64
    ) throws -> Certificate {
        let certificate = Certificate(owning: try require(X509_new(), "X509_new"))
        let pointer = certificate.pointer
        // Version 3 is written as 2.
        try require(X509_set_version(pointer, 2) == 1, "X509_set_version")
        try certificate.setRandomSerialNumber()
        try require(ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(from)) != nil, "ASN1_TIME_set")
        try require(ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(until)) != nil, "ASN1_TIME_set")
        try certificate.setCommonName(purpose.commonName)
        let issuerName = X509_get_subject_name((issuer ?? certificate).pointer)
        try require(X509_set_issuer_name(pointer, issuerName) == 1, "X509_set_issuer_name")
        try require(X509_set_pubkey(pointer, publicKey) == 1, "X509_set_pubkey")
        for (id, value) in purpose.extensions {
            try certificate.add(id, value, issuer: issuer ?? certificate)
        }
        try require(X509_sign(pointer, issuerKey.pointer, Algorithms.sha256.get().pointer) > 0, "X509_sign")
        return certificate
    }

    private func setRandomSerialNumber() throws {
        var serial = try SecureRandom.bytes(16)
        // The number is positive and its first byte is not zero, as DER's shortest form wants.
        serial[0] = serial[0] & 0x7F | 0x40
        let number = X509_get_serialNumber(self.pointer)
        try require(ASN1_STRING_set(number, serial, Int32(serial.count)) == 1, "ASN1_STRING_set")
    }

    private func setCommonName(_ name: String) throws {
        let subject = X509_get_subject_name(self.pointer)
        let text = Array(name.utf8)
        let done = X509_NAME_add_entry_by_NID(
            subject, NID_commonName, MBSTRING_FLAG, text, Int32(text.count), -1, 0)
        try require(done == 1, "X509_NAME_add_entry_by_NID")
    }

    private func add(_ id: Int32, _ value: String, issuer: Certificate) throws {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.pointer, self.pointer, nil, nil, 0)
        let made = try require(X509V3_EXT_nconf_nid(nil, &context, id, value), "making extension \(id)")
        defer { X509_EXTENSION_free(made) }
        try require(X509_add_ext(self.pointer, made, -1) == 1, "X509_add_ext")
    }
}

extension SubjectNames {
    /// `DNS:localhost,IP:127.0.0.1`. The names were checked when they were read, so none holds a comma.
    fileprivate var extensionText: String {
        (self.dnsNames.map { "DNS:\($0)" } + self.addresses.map { "IP:\($0)" }).joined(separator: ",")
    }
}
