internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// The account `admin`, made when there is no account yet. There is no default password: a random one is written to a file.
enum FirstAdministrator {
    static let account = "admin"

    /// - Parameter mustChange: whether the password must be changed at the first login.
    static func ensure(
        _ connection: Connection, passwordFile: String, mustChange: Bool, now: Timestamp
    ) throws {
        // Of two hosts that start at once on an empty database one makes the account; the other waits here for it.
        try connection.script("SELECT pg_advisory_lock(hashtext('xinglin first administrator'))")
        let count = try connection.query("SELECT count(*) FROM host.account").first(as: Int64.self)
        guard count == 0 else { return }
        let password = try SecureRandom.password()
        // The file comes first: an account whose password nobody knows could not be mended.
        try writePrivateFile(passwordFile, password + "\n")
        let id = RecordID.make(at: now)
        let grant = Grant(role: .siteAdmin, siteID: nil, reach: .subtree)
        let insert = AccountStore.insert(
            id, name: Self.account, hash: try PasswordHash.make(password), mustChange: mustChange, staffID: nil,
            now: now)
        let items = ["BEGIN", insert, AccountStore.insert([grant], for: id), "COMMIT"]
        _ = try connection.run(items.map { PipelineItem(sql: $0, role: "") })
    }
}
