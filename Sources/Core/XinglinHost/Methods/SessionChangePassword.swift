internal import XinglinCrypto
internal import XinglinKit
internal import XinglinRPC

/// `session.changePassword`: sets a new password; every other session of the account ends.
struct SessionChangePassword: RPCMethod, MethodBeforePasswordChange {
    struct Params: Codable, Sendable {
        var current: String
        var new: String
    }
    struct Reply: Codable, Sendable {
        var account: String
    }

    static let name = "session.changePassword"
    static let summary = "Changes the caller's password and ends the account's other sessions."
    static let effect = Effect.write
    static let access = Access.authenticated
    static let scope = Scope.host
    static let lane = Lane.credential
    static let params = Schema.object(
        .required("current", .opaque(1...200), "The password so far."),
        .required(
            "new", .opaque(1...200),
            "The new one: at least 10 characters, not the account's name or the old one, not one character repeated.")
    )
    static let reply = Schema.object(.required("account", .code(1...64), "The account whose password was changed."))
    static let examples = Examples<Params, Reply>(
        full: (Params(current: "three plain words 42", new: "four other plain words"), Reply(account: "pharmacist.t1")),
        minimal: (Params(current: "three plain words 42", new: "four other plain words"), Reply(account: "admin")))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let context = try call.hosted
        let caller = try call.caller
        let session = try context.requireSession()
        let attempt = try LoginAttempt(
            context.services.limiter, caller.account, context.connection.network, HostClock.system.now)
        let isRight: Bool
        do {
            let stored: String? = try call.db.first(
                "SELECT password_hash FROM host.account WHERE account_id = \(caller.accountID) FOR UPDATE",
                as: String.self)
            isRight = try stored.map { try PasswordHash.verify(params.current, against: $0) } ?? false
        } catch {
            attempt.abandon()
            throw error
        }
        guard isRight else { throw HostFault.badCredentials.fault() }
        attempt.succeed()
        try PasswordPolicy.check(params.new, account: caller.account, old: params.current)
        try self.change(params.new, session, context, call)
        return Reply(account: caller.account)
    }

    private func change(_ password: String, _ session: Session, _ context: HostCallContext, _ call: Call) throws {
        let accountID = session.accountID
        let hash = try PasswordHash.make(password)
        let epoch: Int64? = try call.db.first(
            """
            UPDATE host.account SET password_hash = \(hash), must_change = false, epoch = epoch + 1 \
            WHERE account_id = \(accountID) RETURNING epoch
            """, as: Int64.self)
        guard let epoch else { throw HostFault.sessionExpired.fault() }
        try call.db.execute(
            "UPDATE host.session SET epoch = \(epoch) WHERE token_digest = \(session.tokenDigest)", expecting: .rows(1))
        context.changesDirectory = true
        let renewed = Session(
            tokenDigest: session.tokenDigest, accountID: accountID, epoch: epoch, expiresAt: session.expiresAt,
            lastUsed: call.now)
        let state = context.state
        let housekeeping = context.services.housekeeping
        context.onCommit {
            let shared = housekeeping.seen(renewed)
            state?.rebind(shared)
        }
    }
}

/// Which passwords are accepted.
enum PasswordPolicy {
    static let shortest = 10

    /// - Throws: `host.invalidParams` saying what is expected.
    static func check(_ password: String, account: String, old: String?) throws {
        let distinct = Set(password.unicodeScalars).count
        guard password.unicodeScalars.count >= Self.shortest, distinct >= 5,
            !password.lowercased().contains(account.lowercased()), password != old
        else {
            throw Fault.invalid(
                "/new",
                expected:
                    "at least \(Self.shortest) characters, 5 of them different, without the account's name, not the old password",
                zh: "至少 \(Self.shortest) 个字符，其中至少 5 个不同，不含账号名，也不是原密码"
            )
        }
    }
}
