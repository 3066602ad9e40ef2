internal import XinglinKit

/// `accounts.certificates`: the certificates of a machine account, the newest first.
struct AccountsCertificates: RPCMethod {
    struct Params: Codable, Sendable {
        var account: String
        var limit: Int?
        var after: String?
    }
    struct Reply: Codable, Sendable {
        var certificates: [Certificate]
        var next: String?
    }
    struct Certificate: Codable, Sendable {
        var serial: String
        var fingerprint: String
        var state: State
        var issuedAt: Timestamp
        var expiresAt: Timestamp
        var revokedAt: Timestamp?
        var reason: String?
    }
    enum State: String, Codable, Sendable, CaseIterable {
        case valid
        case expired
        case revoked
    }

    static let name = "accounts.certificates"
    static let summary = "Lists the certificates of a machine account, the newest first, revoked and expired ones too."
    static let effect = Effect.read
    static let access = Access.roles([.siteAdmin])
    static let scope = Scope.host
    static let params = Schema.object(
        [.required("account", .code(1...64), "The machine account.")] + Schema.pageParams)
    static let reply = Schema.object(
        .required(
            "certificates",
            .array(
                .object(
                    .required("serial", .code(1...64), "The serial number, hexadecimal."),
                    .required(
                        "fingerprint", .code(64...64), "The SHA-256 of the certificate (DER), hexadecimal."),
                    .required(
                        "state", .enumeration(State.allCases.map(\.rawValue)), "Whether it lets the machine in."),
                    .required("issuedAt", .timestamp, "When it was made out."),
                    .required("expiresAt", .timestamp, "Until when it is valid."),
                    .optional("revokedAt", .timestamp, "When it was revoked."),
                    .optional("reason", .text(1...200), "Why it was revoked.")), 0...500), "The certificates."),
        Schema.pageReply)
    private static let example = Certificate(
        serial: CertificateReply.example.serial, fingerprint: String(repeating: "9c", count: 32), state: .revoked,
        issuedAt: Timestamp(microseconds: 1_795_000_000_000_000), expiresAt: CertificateReply.example.expiresAt,
        revokedAt: Timestamp(microseconds: 1_795_100_000_000_000), reason: "设备报废")
    static let examples = Examples<Params, Reply>(
        full: (
            Params(account: "lab.t1", limit: 1, after: "2026-11-19T20:26:40+08:00~5f0c2ab1d94e4c3fa1b2c3d4e5f60718"),
            Reply(certificates: [example], next: "2026-11-18T16:26:40+08:00~5f0c2ab1d94e4c3fa1b2c3d4e5f60718")
        ),
        minimal: (Params(account: "lab.t1"), Reply(certificates: [])))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let id = try Administration(call).machine(params.account)
        let page = try Page(limit: params.limit, after: params.after, fields: 2)
        let before = try page.after(0, as: Timestamp.self)
        let rows: [(String, String, Timestamp, Timestamp, Timestamp?, String?)] = try call.db.query(
            """
            SELECT serial, encode(fingerprint, 'hex'), issued_at, expires_at, revoked_at, revoked_reason \
            FROM host.machine_certificate WHERE account_id = \(id) \
            AND (\(before)::timestamptz IS NULL OR (issued_at, serial) < (\(before)::timestamptz, \(page.after?[1])::text)) \
            ORDER BY issued_at DESC, serial DESC LIMIT \(page.limit + 1)
            """)
        let now = HostClock.system.now
        let shown = rows.prefix(page.limit).map { serial, fingerprint, issued, expires, revoked, reason in
            Certificate(
                serial: serial, fingerprint: fingerprint,
                state: revoked != nil ? .revoked : expires <= now ? .expired : .valid, issuedAt: issued,
                expiresAt: expires, revokedAt: revoked, reason: reason)
        }
        return Reply(
            certificates: shown,
            next: rows.count > shown.count
                ? shown.last.map { Page.cursor($0.issuedAt.description, $0.serial) } : nil)
    }
}
