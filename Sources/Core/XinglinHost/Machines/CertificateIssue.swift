internal import XinglinCrypto
internal import XinglinKit

/// Makes out certificates for machine accounts and keeps what is issued.
enum CertificateIssue {
    /// Valid certificates of one account at a time: enough for a machine with a stand-in and renewals that overlap, and a
    /// bound for a machine that renews without end.
    static let most = 10

    /// A certificate for the request's key, kept in the call's transaction.
    /// - Throws: `host.conflict` where the account has enough of them, `host.badCredentials` where it is disabled.
    static func issue(
        request: String, account: String, id: RecordID, _ call: Call
    ) throws -> CertificateReply {
        let context = try call.hosted
        let services = context.services
        // Certificates go by the machine's clock, as those who verify them do.
        let now = HostClock.system.now
        let issued: ClientAuthority.Issued
        do {
            issued = try services.authority.issue(
                request: request, account: account, now: now.secondsSince1970,
                days: services.settings.machine.certificateDays)
        } catch let refusal as CertificateRequestRefused {
            throw refusal.fault
        } catch let error as CryptoError {
            call.log.error("a certificate cannot be made out", metadata: ["error": .string(error.description)])
            throw error
        }
        try call.db.batch(self.keep(issued.certificate, id, now))
        context.changesDirectory = true
        call.note("account", .string(id.description))
        call.note("serial", .string(issued.certificate.serial))
        return CertificateReply(
            certificate: issued.pem, ca: issued.caPEM, serial: issued.certificate.serial,
            expiresAt: Timestamp(secondsSince1970: issued.certificate.notAfter))
    }

    private static func keep(_ certificate: ClientCertificate, _ id: RecordID, _ now: Timestamp) -> [Statement] {
        [
            // Two enrolments of one account go one after the other, so that the count below is right.
            Statement(
                """
                SELECT account_id FROM host.account WHERE account_id = \(id) AND is_machine AND NOT disabled \
                FOR NO KEY UPDATE
                """, .rows(1), otherwise: MachineFault.badCode.fault()),
            Statement(
                """
                INSERT INTO host.machine_certificate (serial, fingerprint, account_id, issued_at, expires_at) \
                SELECT \(certificate.serial)::text, \(SQLBytes(certificate.fingerprint))::bytea, \(id)::uuid, \
                \(now)::timestamptz, \(Timestamp(secondsSince1970: certificate.notAfter))::timestamptz \
                WHERE (SELECT count(*) FROM host.machine_certificate \
                WHERE account_id = \(id) AND revoked_at IS NULL AND expires_at > \(now)) < \(Self.most)
                """, .rows(1), otherwise: MachineFault.tooManyCertificates.fault(["limit": .integer(Int64(Self.most))])),
        ]
    }
}

/// What `machine.enrol` and `machine.renew` answer.
struct CertificateReply: Codable, Sendable {
    var certificate: String
    var ca: String
    var serial: String
    var expiresAt: Timestamp

    static let schema = Schema.object(
        .required(
            "certificate", .opaque(1...20_000), "The client certificate, PEM; URI SAN 'xinglin:principal:NAME'."),
        .required("ca", .opaque(1...20_000), "The certificate of the host's private CA, PEM."),
        .required("serial", .code(1...64), "The certificate's serial number, hexadecimal."),
        .required("expiresAt", .timestamp, "Until when it is valid; renew it before with machine.renew.")
    )
    static let example = CertificateReply(
        certificate: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
        ca: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n", serial: "5f0c2ab1d94e4c3fa1b2c3d4e5f60718",
        expiresAt: Timestamp(microseconds: 1_829_300_000_000_000))
    static let exampleRequest = "-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n"
    static let requestField = Schema.Field.required(
        "csr", .opaque(1...16_384),
        "A certificate request (PKCS #10, PEM) for a key made on the machine: P-256, P-384 or RSA of 2048 to 4096 bits."
    )
}

extension CertificateRequestRefused {
    /// The refusal that names the request.
    var fault: Fault {
        let text: LocalizedText =
            switch self {
            case .tooLong: .init(zh: "至多 16384 字节的证书请求", en: "a certificate request of at most 16384 bytes")
            case .noRequest:
                .init(
                    zh: "PEM 格式的证书请求（BEGIN CERTIFICATE REQUEST）",
                    en: "a certificate request in PEM (BEGIN CERTIFICATE REQUEST)")
            case .unsuitedKey:
                .init(
                    zh: "P-256、P-384 或 2048 至 4096 位 RSA 密钥", en: "a key on P-256 or P-384, or RSA of 2048 to 4096 bits"
                )
            case .badSignature:
                .init(zh: "由其自身密钥签名的证书请求", en: "a request that is signed with the key that it is for")
            }
        return Fault.invalid("/csr", expected: text.en, zh: text.zh)
    }
}
