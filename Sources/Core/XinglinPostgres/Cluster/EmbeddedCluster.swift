internal import Synchronization
public import XinglinKit

#if canImport(Glibc)
    internal import Glibc
#endif

/// A PostgreSQL cluster in the host's own data folder, reached by a private socket only. It outlives a host that is
/// killed; the next one takes it over.
public final class EmbeddedCluster: Sendable {
    let dataDirectory: String
    let log: Logger
    let overrides: [String: String]
    private let userName: String
    private let ready = Mutex<Ready?>(nil)
    /// pg_ident.conf is read, completed and written by one at a time.
    private let identities = Mutex(())
    let supervision = Monitor<Supervision, SupervisionCondition>(Supervision())

    /// What `start` found out.
    struct Ready {
        let layout: ClusterLayout
        let program: ServerProgram
        let caller: SystemUser
    }

    /// - Parameters:
    ///   - dataDirectory: DIR; the cluster lies in `DIR/pg`.
    ///   - user: who runs PostgreSQL where this process runs as root, which PostgreSQL refuses.
    ///   - overrides: settings of postgresql.conf, for tests.
    public init(dataDirectory: String, user: String, log: Logger, overrides: [String: String] = [:]) {
        self.dataDirectory = dataDirectory
        self.userName = user
        self.log = log
        self.overrides = overrides
    }

    /// Makes the cluster where there is none, and starts it or takes over the one that runs.
    public func start() throws(ClusterError) {
        let caller = try SystemUser.current()
        let user = caller.uid == 0 ? try SystemUser.named(self.userName) : caller
        guard user.uid != 0 else { throw ClusterError("PostgreSQL does not run as root; name another user") }
        let layout = try ClusterLayout.prepare(self.dataDirectory, user: user, caller: caller)
        let version = FileSystem.read("\(layout.data)/PG_VERSION").flatMap { Int($0.prefix { $0.isNumber }) }
        let program = ServerProgram(folder: try ServerProgram.folder(major: version), user: user)
        let ready = Ready(layout: layout, program: program, caller: caller)
        if version == nil { try self.initialise(ready) }
        try self.configure(ready)
        self.supervision.withLock { $0.isEnding = false }
        // Noted before, so that what was started can be stopped wherever the rest fails.
        self.ready.withLock { $0 = ready }
        try self.launch(ready)
    }

    /// Ends supervision and stops the server; open transactions are rolled back.
    public func stop() throws(ClusterError) {
        self.endSupervision()
        guard let ready = self.ready.withLock({ $0 }) else { return }
        guard case .running = Postmaster.of(ready.layout.data) else { return }
        let outcome = try Interruption.undisturbed { () throws(ClusterError) in
            try ready.program.run("pg_ctl", ["-D", ready.layout.data, "-m", "fast", "-w", "-t", "60", "stop"])
        }
        if case .running = Postmaster.of(ready.layout.data) {
            throw ClusterError("PostgreSQL does not stop: \(outcome.output.lastLine)")
        }
    }

    /// How the superuser connects; for making databases and roles only.
    public func superuserConninfo(database: String) -> String {
        self.hostConninfo(database: database, user: "postgres")
    }

    /// How a role connects.
    public func hostConninfo(database: String, user: String) -> String {
        // Before the start there is no place to connect to.
        self.ready.withLock { $0?.layout }?.conninfo(database: database, user: user) ?? "host=''"
    }

    func requireReady() throws(ClusterError) -> Ready {
        guard let ready = self.ready.withLock({ $0 }) else { throw ClusterError("start the cluster first") }
        return ready
    }

    private func initialise(_ ready: Ready) throws(ClusterError) {
        let layout = ready.layout
        self.log.notice("making a PostgreSQL cluster", metadata: ["folder": "\(layout.folder)"])
        if FileSystem.exists(layout.draft) { _ = try ready.program.run("/bin/rm", ["-rf", layout.draft]) }
        let outcome = try ready.program.run(
            "initdb",
            [
                "-D", layout.draft, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=peer",
                "--auth-host=reject",
            ])
        guard outcome.status == 0, rename(layout.draft, layout.data) == 0 else {
            throw ClusterError("initdb failed: \(outcome.output.lastLine)")
        }
    }

    private func configure(_ ready: Ready) throws(ClusterError) {
        let (data, user) = (ready.layout.data, ready.layout.user)
        let main = FileSystem.read("\(data)/postgresql.conf") ?? ""
        let include = "include 'xinglin.conf'\n"
        if !main.hasSuffix(include) {
            try FileSystem.replace("\(data)/postgresql.conf", with: "\(main)\n\(include)", owner: user)
        }
        let settings = ClusterConfiguration.settings(ready.layout, overrides: self.overrides)
        try FileSystem.replace("\(data)/xinglin.conf", with: settings, owner: user)
        try FileSystem.replace("\(data)/pg_hba.conf", with: ClusterConfiguration.access, owner: user)
        try self.allow(["postgres"], ready)
    }

    /// Lets this process's user, and the cluster's, log in as the roles.
    @discardableResult
    func allow(_ roles: [String], _ ready: Ready) throws(ClusterError) -> Bool {
        let path = "\(ready.layout.data)/pg_ident.conf"
        let names = Set([ready.caller.name, ready.layout.user.name]).sorted()
        let pairs = names.flatMap { name in roles.map { (system: name, role: $0) } }
        return try self.identities.withLock { _ throws(ClusterError) in
            let text = ClusterConfiguration.identities(FileSystem.read(path), adding: pairs)
            return try FileSystem.replace(path, with: text, owner: ready.layout.user)
        }
    }
}

extension String {
    /// As a value in a `key=value` connection string.
    var conninfoQuoted: String {
        "'" + self.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "'"
    }

    /// What a program said last, which is why it failed.
    var lastLine: Substring {
        self.split(whereSeparator: \.isNewline).last { !$0.isEmpty } ?? "it gave no reason"
    }
}
