internal import XinglinKit

/// `accounts.revokeCertificate`: a certificate no longer lets its machine in.
struct AccountsRevokeCertificate: RPCMethod {
    struct Params: Codable, Sendable {
        var account: String
        var serial: String
        var reason: String
    }
    struct Reply: Codable, Sendable {
        var account: String
        var serial: String
        var revokedAt: Timestamp
    }

    static let name = "accounts.revokeCertificate"
    static let summary =
        "Revokes a machine's certificate for good: calls with it are refused, open connections included, on every host within 5 seconds."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        .required("account", .code(1...64), "The machine account."),
        .required(
            "serial", .code(1...64), "The certificate's serial number, hexadecimal; accounts.certificates lists it."),
        .required("reason", .text(1...200), "Why, for those who ask later. No personal data.")
    )
    static let reply = Schema.object(
        .required("account", .code(1...64), "The machine account."),
        .required("serial", .code(1...64), "The certificate's serial number."),
        .required("revokedAt", .timestamp, "When it was revoked.")
    )
    private static let example = (
        Params(account: "lab.t1", serial: CertificateReply.example.serial, reason: "设备报废"),
        Reply(
            account: "lab.t1", serial: CertificateReply.example.serial,
            revokedAt: Timestamp(microseconds: 1_795_100_000_000_000))
    )
    static let examples = Examples<Params, Reply>(full: example, minimal: example)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = try Administration(call).machine(params.account)
        // OpenSSL prints capitals.
        let serial = params.serial.lowercased()
        let known: Int? = try call.db.first(
            "SELECT count(*) FROM host.machine_certificate WHERE account_id = \(id) AND serial = \(serial)")
        guard known == 1 else { throw HostFault.notFound.fault(["serial": .string(serial)]) }
        try call.db.execute(
            """
            UPDATE host.machine_certificate SET revoked_at = \(call.now), revoked_reason = \(params.reason) \
            WHERE account_id = \(id) AND serial = \(serial) AND revoked_at IS NULL
            """, expecting: .rows(1))
        try call.hosted.changesDirectory = true
        call.note("account", .string(id.description))
        call.note("serial", .string(serial))
        return Reply(account: params.account, serial: serial, revokedAt: call.now)
    }
}
