import Foundation

@testable import XinglinRPC

/// What a client's certificate is like.
enum ClientKind: Sendable {
    case good
    /// Good, but of another authority than the server's.
    case foreign
    case expired
    case early
    /// One for servers, of the right authority.
    case server
    case selfSigned
}

extension SampleAuthority {
    /// A new certificate for a client, made with the openssl command.
    func clientIdentity(_ kind: ClientKind = .good) throws -> ClientIdentity {
        let stem = "\(self.folder)/client-\(UUID().uuidString)"
        let identity = ClientIdentity(certificateFile: stem + ".pem", keyFile: stem + ".key")
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=client",
            "-keyout", identity.keyFile, "-out", stem + ".csr",
        ])
        let use = kind == .server ? "serverAuth" : "clientAuth"
        try """
        [ca]
        default_ca = this
        [this]
        new_certs_dir = \(self.folder)
        database = \(stem).index
        rand_serial = yes
        default_md = sha256
        policy = any
        x509_extensions = extensions
        [any]
        commonName = supplied
        [extensions]
        basicConstraints = critical,CA:FALSE
        extendedKeyUsage = \(use)
        subjectAltName = URI:xinglin:principal:client
        """.write(toFile: stem + ".cnf", atomically: true, encoding: .utf8)
        try "".write(toFile: stem + ".index", atomically: true, encoding: .utf8)
        let signer =
            kind == .selfSigned
            ? ["-selfsign", "-keyfile", identity.keyFile]
            : ["-cert", self.caFile, "-keyfile", self.folder + "/ca.key"]
        let (start, end) = Self.validity(of: kind)
        try openssl(
            ["ca", "-batch", "-notext", "-config", stem + ".cnf", "-in", stem + ".csr", "-out", stem + ".pem"]
                + ["-startdate", start, "-enddate", end] + signer)
        return identity
    }

    func der(of identity: ClientIdentity) throws -> [UInt8] {
        let der = identity.certificateFile + ".der"
        try openssl(["x509", "-in", identity.certificateFile, "-outform", "DER", "-out", der])
        return Array(try Data(contentsOf: URL(fileURLWithPath: der)))
    }

    private static func validity(of kind: ClientKind) -> (String, String) {
        switch kind {
        case .expired: ("20200101000000Z", "20200201000000Z")
        case .early: ("20980101000000Z", "20990101000000Z")
        default: ("20200101000000Z", "20990101000000Z")
        }
    }
}
