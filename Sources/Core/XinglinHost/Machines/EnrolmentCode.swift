internal import XinglinCrypto
internal import XinglinKit

/// The one-time code by which a machine gets its first certificate. Only its SM3 is kept.
struct EnrolmentCode {
    let text: String
    let expiresAt: Timestamp

    /// A new code; it replaces the account's earlier one.
    static func make(for id: RecordID, _ call: Call) throws -> EnrolmentCode {
        let hours = try call.hosted.services.settings.machine.codeHours
        let code = EnrolmentCode(
            text: try SecureRandom.password(), expiresAt: call.now.adding(seconds: Int64(hours) * 3600))
        try call.db.execute(
            """
            INSERT INTO host.enrolment_code (account_id, code_digest, created_at, expires_at) \
            VALUES (\(id), \(try Self.digest(code.text)), \(call.now), \(code.expiresAt)) \
            ON CONFLICT (account_id) DO UPDATE SET code_digest = excluded.code_digest, \
            created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = NULL
            """, expecting: .rows(1))
        return code
    }

    /// Uses up the account's code: one statement, so that of racing enrolments one gets it.
    /// - Returns: the account, or nil where the code is not its open one.
    static func claim(_ text: String, of account: String, _ call: Call) throws -> RecordID? {
        try call.db.first(
            """
            UPDATE host.enrolment_code AS code SET used_at = \(call.now) FROM host.account AS account \
            WHERE account.account = \(account) AND account.is_machine AND NOT account.disabled \
            AND code.account_id = account.account_id AND code.code_digest = \(try Self.digest(text)) \
            AND code.used_at IS NULL AND code.expires_at > \(call.now) RETURNING account.account_id
            """, as: RecordID.self)
    }

    private static func digest(_ text: String) throws -> SQLBytes {
        SQLBytes(try SM3.digest(Array(text.utf8)))
    }
}
