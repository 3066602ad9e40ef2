internal import Foundation
internal import XinglinCrypto
public import XinglinHost
public import XinglinKit
internal import XinglinPostgres

/// A host of linked modules on a fresh database, called in process. It has the sites `county` (a bureau) with `t1` and `t2`
/// (township centres) below it, and every module enabled at all of them.
public final class TestHost: Sendable {
    public let core: HostCore
    /// The name of its database.
    public let database: String
    /// The data folder: keys, the first password.
    public let folder: String
    private let cluster: TestCluster
    private let clock = TestClock()

    /// Starts a host. It ends, and its database goes, with the last reference to it or to one of its clients.
    /// - Parameters:
    ///   - events: the settings of events, where a test wants others than the standard.
    ///   - configure: changes the host's own settings.
    public static func start(
        _ modules: any FeatureModule.Type..., settings: [String: String] = [:],
        events: HostSettings.Events = HostSettings.Events(), configure: (inout HostSettings) -> Void = { _ in }
    ) async throws -> TestHost {
        await HostGate.shared.enter()
        do {
            return try TestHost(modules, settings) {
                $0.events = events
                configure(&$0)
            }
        } catch {
            HostGate.shared.leave()
            throw error
        }
    }

    private init(
        _ modules: [any FeatureModule.Type], _ moduleSettings: [String: String],
        _ configure: (inout HostSettings) -> Void
    ) throws {
        self.cluster = try TestCluster.shared()
        self.folder = "\(self.cluster.folder)/host-\(UUID().uuidString)"
        var settings = HostSettings(dataDirectory: self.folder)
        settings.database.workers = 4
        // Tests say when jobs are done: `doJobs`.
        settings.jobs.workers = 0
        settings.modules = moduleSettings
        configure(&settings)
        self.database = try self.cluster.clone(modules, settings)
        try TestHost.makeSites(self.cluster.superuser(self.database), modules)
        self.core = try HostCore(
            settings, linked: modules, conninfo: self.cluster.host(self.database), clock: self.clock.clock,
            log: TestLog.logger)
        try self.core.start()
        try self.enable(modules)
    }

    deinit {
        self.core.stop()
        do {
            try self.cluster.drop(self.database)
        } catch {
            TestLog.logger.error(
                "a test's database was left behind", metadata: ["error": .string(String(describing: error))])
        }
        HostGate.shared.leave()
    }

    /// Fixes the clock that methods see; nil is the machine's again.
    public func setClock(_ instant: Timestamp?) {
        self.clock.set(instant)
    }

    /// Makes the runs of jobs that are due on the clock that methods see, and does them.
    public func doJobs() throws {
        try self.core.doJobs()
    }

    /// A client without a session.
    public func anonymous(address: String = "192.0.2.1") -> TestClient {
        TestClient(self, InProcessClient(self.core.service, address: address), account: "", site: nil)
    }

    /// A client logged in as a new account with that role at that site. The session is opened past `session.login`, because
    /// hashing a password takes a tenth of a second.
    public func client(role: Role, site: String, reach: Grant.Reach = .site) async throws -> TestClient {
        try await self.client(role: role, at: site, reach: reach)
    }

    /// A client logged in as a new administrator of every site.
    public func administrator() async throws -> TestClient {
        try await self.client(role: .siteAdmin, at: nil, reach: .subtree)
    }

    private func client(role: Role, at site: String?, reach: Grant.Reach) async throws -> TestClient {
        let account = "\(role.rawValue)-\(UUID().uuidString.prefix(8).lowercased())"
        let token = try SecureRandom.token()
        let digest = SQLBytes(try SM3.digest(Array(token.utf8)))
        let id = RecordID.make(at: HostClock.system.now)
        let now = self.clock.clock.now
        try self.run([
            """
            INSERT INTO host.account (account_id, account, password_hash, must_change, created_at) \
            VALUES (\(id), \(account), 'none', false, \(now))
            """,
            """
            INSERT INTO host.role_grant (account_id, role, site_id, reach) \
            SELECT \(id), \(role.rawValue), (SELECT site_id FROM host.site WHERE code = \(site)), \(reach.rawValue)
            """,
            """
            INSERT INTO host.session (token_digest, account_id, epoch, created_at, expires_at, last_seen_at) \
            VALUES (\(digest), \(id), 1, \(now), \(now.adding(seconds: 36_000)), \(now))
            """,
        ])
        try self.core.reloadDirectory()
        let notifications = Notifications()
        let client = TestClient(
            self, InProcessClient(self.core.service, path: notifications), account: account, site: site,
            notifications: notifications, token: token)
        _ = try await client.call("session.resume", ["token": .string(token)])
        return client
    }

    /// A client that shows a certificate (DER), as a TLS handshake would have brought it.
    public func machine(certificate: [UInt8], site: String? = nil, address: String = "192.0.2.2") -> TestClient {
        TestClient(
            self, InProcessClient(self.core.service, address: address, certificate: certificate), account: "",
            site: site)
    }

    /// Another host on the same database, beside this one: what runs on one of several runs on one of them.
    public func neighbour(_ modules: any FeatureModule.Type...) throws -> HostCore {
        var settings = HostSettings(dataDirectory: self.folder)
        settings.database.workers = 4
        let core = try HostCore(
            settings, linked: modules, conninfo: self.cluster.host(self.database), clock: self.clock.clock,
            log: TestLog.logger)
        try core.start()
        return core
    }

    /// Waits until SQL text, run as the superuser, gives these rows.
    /// - Throws: `NeverCame` with what it gave at last.
    public func expect(_ text: String, _ rows: [[String?]], seconds: Double = 120) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        var last: [[String?]] = []
        let connection = try Connection(self.cluster.superuser(self.database), applicationName: "tests")
        while ContinuousClock.now < end {
            last = try connection.query(SQL(stringLiteral: text)).text
            if last == rows { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NeverCame(wanted: "\(rows)", last: "\(last)")
    }

    /// Runs SQL text as the superuser and gives the rows as text.
    public func sql(_ text: String) throws -> [[String?]] {
        try Connection(self.cluster.superuser(self.database), applicationName: "tests")
            .query(SQL(stringLiteral: text)).text
    }

    /// Runs a script as the superuser.
    public func script(_ text: String) throws {
        try Connection(self.cluster.superuser(self.database), applicationName: "tests").script(text)
    }

    /// Runs a statement as the superuser in a transaction that stays open until `release`.
    public func hold(_ text: String) throws -> HeldTransaction {
        let connection = try Connection(self.cluster.superuser(self.database), applicationName: "tests")
        // Beside many other tests one may hold it for longer than a forgotten transaction is let be.
        try connection.script("SET idle_in_transaction_session_timeout = 0; BEGIN; \(text)")
        return HeldTransaction(connection)
    }

    private func run(_ statements: [SQL]) throws {
        let connection = try Connection(self.cluster.superuser(self.database), applicationName: "tests")
        _ = try connection.run(statements.map { PipelineItem(sql: $0, role: "") })
    }

    private static func makeSites(_ conninfo: String, _ modules: [any FeatureModule.Type]) throws {
        let now = HostClock.system.now
        let county = RecordID.make(at: now)
        let sites = [("county", "bureau", nil), ("t1", "townshipCentre", county), ("t2", "townshipCentre", county)]
        let connection = try Connection(conninfo, applicationName: "tests")
        for (code, kind, parent) in sites {
            let id = parent == nil ? county : RecordID.make(at: now)
            _ = try connection.query(
                """
                INSERT INTO host.site (site_id, code, name_zh, kind, parent_id, created_at) \
                VALUES (\(id), \(code), '测试机构', \(kind), \(parent), \(now))
                """)
        }
    }

    private func enable(_ modules: [any FeatureModule.Type]) throws {
        let now = HostClock.system.now
        try self.run(
            modules.map { module in
                """
                INSERT INTO host.enabled_module (module, site_id, enabled_at, enabled_by) \
                SELECT \(module.manifest.code), site_id, \(now), account_id FROM host.site, host.account
                """
            })
        try self.core.reloadDirectory()
    }
}

/// What a test waited for in vain.
public struct NeverCame: Error, CustomStringConvertible {
    let wanted: String
    let last: String
    public var description: String { "\(self.wanted) never came; it was \(self.last) at last" }
}

/// A transaction that a test holds open, to see what waits for it.
public struct HeldTransaction {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    public func release() throws {
        try self.connection.script("ROLLBACK")
    }
}

/// A client with an account of one role at one site.
public final class TestClient: Sendable {
    /// The account's name.
    public let account: String
    /// Keeps the host alive for as long as somebody may call it.
    private let host: TestHost
    private let client: InProcessClient
    private let site: String?
    /// What was pushed to it.
    public let notifications: Notifications
    /// Its session's token.
    public let token: String

    init(
        _ host: TestHost, _ client: InProcessClient, account: String, site: String?,
        notifications: Notifications = Notifications(), token: String = ""
    ) {
        self.token = token
        self.notifications = notifications
        self.host = host
        self.client = client
        self.account = account
        self.site = site
    }

    /// Closes the connection.
    public func close() {
        self.client.close()
    }

    /// Calls a method at the client's site, or at another one.
    /// - Throws: `CallRefused`.
    @discardableResult
    public func call(
        _ method: String, _ params: JSONValue = .object([:]), site: String? = nil, key: String? = nil,
        deadlineMs: Int64? = nil
    ) async throws -> JSONValue {
        try await self.client.call(method, params, site: site ?? self.site, key: key, deadlineMs: deadlineMs)
    }

    /// The same, blocking the thread: for racing clients on threads of their own, never inside a task.
    public func callAndWait(_ method: String, _ params: JSONValue, key: String? = nil) throws -> JSONValue {
        let done = DispatchSemaphore(value: 0)
        let box = AnswerBox()
        self.client.send(method, params, site: self.site, key: key) { answer in
            box.put(Result { try InProcessClient.reply(answer) })
            done.signal()
        }
        done.wait()
        return try box.take()
    }
}
