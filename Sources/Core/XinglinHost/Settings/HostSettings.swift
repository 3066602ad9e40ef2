public import XinglinKit

/// Everything an operator can set. docs/settings.md documents each; `XinglinCommand` reads them from file, environment and flags.
public struct HostSettings: Sendable {
    /// The folder that holds keys, certificates and the embedded cluster.
    public var dataDirectory: String
    public var listen = Listen()
    public var operations = Operations()
    public var tls = TLS()
    public var database = Database()
    public var plugins = Plugins()
    public var limits = Limits()
    public var session = Session()
    public var machine = Machine()
    public var files = Files()
    public var doctor = Doctor()
    public var audit = Audit()
    public var events = Events()
    public var jobs = Jobs()
    /// `--demo`: load the demonstration county into an empty database.
    public var demo = false
    public var demonstration = Demonstration()
    /// `clock.fixed`, only with `demo`.
    public var fixedClock: Timestamp?
    /// The language of messages where a call does not name one.
    public var locale = Locale.zh
    /// Values of the modules' own settings, by `<code>.<name>`.
    public var modules: [String: String] = [:]

    public init(dataDirectory: String) {
        self.dataDirectory = dataDirectory
    }

    public struct Demonstration: Sendable {
        /// Residents of the demonstration's first township.
        public var residents = 20_000
        public init() {}
    }

    public struct Listen: Sendable {
        public var host = "127.0.0.1"
        public var port = 7443
        public init() {}
    }

    public struct Operations: Sendable {
        /// What `listen` takes for no port at all.
        public static let off = "off"
        /// The loopback address and port of `/healthz`, `/readyz` and `/metrics`; port 0 takes any free one.
        public var listen = "127.0.0.1:0"
        public init() {}
    }

    public struct TLS: Sendable {
        /// Further names or addresses for the server's certificate.
        public var names: [String] = []
        /// `1.3`, or `1.2` for old clients.
        public var minimumVersion = "1.3"
        /// The operator's own certificate chain and key (PEM), in place of the private CA's.
        public var certificateFile: String?
        public var keyFile: String?
        public init() {}
    }

    public struct Database: Sendable {
        /// A libpq connection string or URL for the host's login; nil runs the embedded cluster.
        public var url: String?
        /// The same for the login that runs `xinglin migrate`.
        public var migrateURL: String?
        /// The same for the login that backs up and restores: it must see every row.
        public var backupURL: String?
        /// Roles are `<prefix>_owner`, `<prefix>_host`, `<prefix>_<module>`.
        public var rolePrefix = "xinglin"
        public var workers = 8
        /// The operating-system user that runs the embedded cluster when the host runs as root.
        public var clusterUser = "postgres"
        public init() {}
    }

    public struct Plugins: Sendable {
        /// Codes or library stems to load; nil loads every plugin found.
        public var load: [String]?
        /// Where plugins lie; nil is the folder of libXinglinCore.so.
        public var directory: String?
        /// Further folders of plugins, such as those of third parties.
        public var directories: [String] = []
        public init() {}
    }

    public struct Limits: Sendable {
        /// Bytes of one request line.
        public var lineBytes = 1_048_576
        /// The same while the connection has no session.
        public var lineBytesBeforeLogin = 65_536
        /// Calls in flight per connection before reading stops.
        public var inFlight = 64
        public var batch = 100
        public var replyBytes = 1_000_000
        /// Calls waiting for a worker before `host.overloaded`.
        public var queue = 1024
        public var connections = 20_000
        /// Open connections of one address (of one /64 network with IPv6).
        public var connectionsPerAddress = 16_000
        /// Those of them that have no session.
        public var connectionsBeforeLogin = 2_000
        /// New connections of one address, averaged over 20 s.
        public var connectionsPerSecond = 500
        public var handshakeSeconds = 10
        /// A whole line must arrive within this time of its first byte.
        public var lineSeconds = 15
        public var idleSeconds = 300
        public var writeStallSeconds = 30
        /// How long SIGTERM waits for calls in flight.
        public var drainSeconds = 20
        public init() {}
    }

    public struct Machine: Sendable {
        /// How long a machine's certificate is valid.
        public var certificateDays = 397
        /// How long an enrolment code can be used.
        public var codeHours = 24
        public init() {}
    }

    public struct Files: Sendable {
        /// The largest file.
        public var largestMegabytes = 256
        /// What the files of one site may come to.
        public var siteMegabytes = 20_480
        /// What the unfinished uploads of one account at a site may come to.
        public var openMegabytes = 1_024
        /// How many files one site may have.
        public var siteFiles = 1_000_000
        /// How many uploads one account may have unfinished at a site.
        public var openFiles = 100
        /// How long an unfinished upload is kept.
        public var openDays = 7
        /// How long a finished file is kept that nothing references.
        public var unusedDays = 30
        public init() {}
    }

    public struct Jobs: Sendable {
        /// Threads that do jobs; 0 leaves them to other hosts.
        public var workers = 2
        /// Jobs that the schedule does not run.
        public var disabled: [String] = []
        /// Schedules in place of the jobs' own, as `NAME=EXPRESSION`.
        public var schedules: [String] = []
        public init() {}
    }

    public struct Session: Sendable {
        public var lifetimeMinutes = 720
        public var idleMinutes = 30
        public init() {}
    }

    /// When a checkpoint over the chains of the audit is signed.
    public struct Audit: Sendable {
        /// After so many rows.
        public var checkpointRows = 10_000
        /// After so many minutes in which there was any row.
        public var checkpointMinutes = 60
        public init() {}
    }

    public struct Events: Sendable {
        /// How long events are kept.
        public var keepDays = 400
        /// How often a handler tries an event before it is parked.
        public var attempts = 6
        /// How long until a failed event is tried again for the first time; four times as long after each failure, at most 10 min.
        public var retryMilliseconds = 1000
        /// Bytes of notifications that may wait for a subscriber before it is cut off.
        public var subscriberBytes = 1_048_576
        public var subscriptionsPerConnection = 16
        public var subscriptionsPerAccount = 64
        public init() {}
    }

    /// From where on `xinglin doctor` is not content.
    public struct Doctor: Sendable {
        public var diskFailMegabytes = 500
        public var diskWarnMegabytes = 5000
        public var certificateWarnDays = 30
        public init() {}
    }
}
