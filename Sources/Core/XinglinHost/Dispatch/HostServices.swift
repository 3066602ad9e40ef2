internal import Logging
internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// What the dispatcher and the host's own methods share. Made once at start.
final class HostServices: Sendable {
    let settings: HostSettings
    let registry: Registry
    let directory: Directory
    let pool: WorkerPool
    let cipher: FieldCipher
    let keyWatch: KeyWatch
    /// Makes out the certificates of machine accounts.
    let authority: ClientAuthority
    let clock: HostClock
    let log: Logger
    let limiter = LoginLimiter()
    let housekeeping: Housekeeping
    /// Keeps the audit of reads that show personal data.
    let accessLog: GroupWriter<AuditRow>
    /// Applies imports beside the calls.
    let importWorker: BackgroundWorker
    /// Numbers and chains what is committed.
    let sealer: Sealer
    /// Does what modules do at set times.
    let jobs: JobService
    /// This process, as the history of jobs names it.
    let hostName: String
    let startedAt: Timestamp
    /// The connection string of the host's login, to look up a COMMIT whose outcome is unknown.
    let conninfo: String
    /// The reply of `rpc.discover`.
    let discovery: [UInt8]

    init(
        settings: HostSettings, registry: Registry, directory: Directory, pool: WorkerPool, keys: KeyRing,
        authority: ClientAuthority, clock: HostClock, log: Logger, conninfo: String
    ) throws {
        self.settings = settings
        self.registry = registry
        self.directory = directory
        self.pool = pool
        let folder = HostFolders(settings.dataDirectory).keys
        let live = LiveKeys(keys, directory: folder)
        self.cipher = FieldCipher(live)
        self.keyWatch = KeyWatch(live: live, directory: folder, log: log)
        self.authority = authority
        self.clock = clock
        self.log = log
        self.startedAt = clock.now
        self.housekeeping = Housekeeping(directory: directory, keys: self.keyWatch, clock: clock, log: log)
        self.conninfo = conninfo
        self.accessLog = GroupWriter(conninfo: conninfo, name: "access-log", log: log) { try AuditRow.insert($0) }
        self.importWorker = BackgroundWorker(conninfo: conninfo, name: "imports", log: log)
        self.jobs = JobService(conninfo: conninfo, threads: settings.jobs.workers, log: log)
        self.hostName = JobService.hostName(startedAt: HostClock.system.now)
        self.sealer = Sealer(conninfo: conninfo, steps: [EventNumbering()], log: log)
        self.discovery = Array(try OpenRPCDocument(registry).json(withExamples: false).canonicalText.utf8)
    }

    static let version = "0.1.0"
}
