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
    let metrics = CallMetrics()
    /// Reads what the database has to say for metrics.
    let figures: DatabaseReader
    let housekeeping: Housekeeping
    /// Whether the database takes writes.
    let databaseMode: DatabaseMode
    /// Keeps the audit of reads that show personal data.
    let accessLog: GroupWriter<AuditRow>
    /// Applies imports beside the calls.
    let importWorker: BackgroundWorker
    /// Reads the files that imports name, beside the calls.
    let readingWorker: BackgroundWorker
    /// Writes exports beside the calls.
    let exportWorker: BackgroundWorker
    let fileDigests = FileDigests()
    /// Numbers and chains what is committed.
    let sealer: Sealer
    /// What this host signs checkpoints with.
    let checkpointKey: SigningKey
    /// Has the modules do what follows from events.
    let handlers: EventHandlers
    /// Pushes events to clients.
    let feed: EventFeed
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
        self.databaseMode = DatabaseMode(log: log)
        self.housekeeping = Housekeeping(
            directory: directory, keys: self.keyWatch, mode: self.databaseMode, clock: clock, log: log)
        self.conninfo = conninfo
        self.accessLog = GroupWriter(conninfo: conninfo, name: "access-log", log: log) { try AuditRow.insert($0) }
        self.importWorker = BackgroundWorker(conninfo: conninfo, name: "imports", log: log)
        self.checkpointKey = try CheckpointKey.prepare(HostFolders(settings.dataDirectory))
        let chaining = AuditChaining(log: log)
        let signing = CheckpointSigning(chaining, key: self.checkpointKey, settings: settings.audit, log: log)
        self.sealer = Sealer(conninfo: conninfo, steps: [EventNumbering(), chaining, signing], log: log)
        let handlers = EventHandlers(Array(registry.handlers.values), conninfo: conninfo, log: log)
        self.handlers = handlers
        self.feed = EventFeed(conninfo: conninfo, settings: settings.events, log: log) { handlers.wake() }
        self.readingWorker = BackgroundWorker(conninfo: conninfo, name: "import files", log: log)
        self.exportWorker = BackgroundWorker(conninfo: conninfo, name: "exports", log: log)
        self.figures = DatabaseReader(
            conninfo: conninfo, setup: DatabaseSetup(settings: settings, log: log), registry: registry, clock: clock,
            log: log)
        self.jobs = JobService(conninfo: conninfo, threads: settings.jobs.workers, log: log)
        self.hostName = JobService.hostName(startedAt: HostClock.system.now)
        self.discovery = Array(try OpenRPCDocument(registry).json(withExamples: false).canonicalText.utf8)
    }

    static let version = "0.1.0"
}
