/// What a module says of itself. One code names it everywhere: method prefix, schema, role suffix, `modules.enable`.
public struct ModuleManifest: Sendable {
    public let code: String
    public let version: String
    public let summary: LocalizedText
    /// Modules that must run for this one to run.
    public let needs: [String]
    /// Modules that boot before this one where they are there.
    public let awareOf: [String]
    /// Methods of other modules that it calls.
    public let uses: [String]
    /// Every reason it refuses with.
    public let faults: [FaultKind]
    /// Which reason a violated constraint stands for.
    public let constraints: [String: FaultKind]
    public let migrations: [Migration]
    public let tables: [Table]
    public let dataFiles: [DataFile]
    public let settings: [Setting]
    /// Every encrypted column.
    public let sealedColumns: [SealedColumn]
    /// Every kind of event that it publishes.
    public let publishes: [EventTopic]
    /// Every statement it sends, built with sample values: the conformance suite prepares each under the module's role.
    public let statements: [SQL]

    public init(
        code: String, version: String, summary: LocalizedText, needs: [String] = [], awareOf: [String] = [],
        uses: [String] = [], faults: [FaultKind] = [], constraints: [String: FaultKind] = [:],
        migrations: [Migration] = [], tables: [Table] = [], dataFiles: [DataFile] = [], settings: [Setting] = [],
        sealedColumns: [SealedColumn] = [], publishes: [EventTopic] = [], statements: [SQL] = []
    ) {
        self.code = code
        self.version = version
        self.summary = summary
        self.needs = needs
        self.awareOf = awareOf
        self.uses = uses
        self.faults = faults
        self.constraints = constraints
        self.migrations = migrations
        self.tables = tables
        self.dataFiles = dataFiles
        self.settings = settings
        self.sealedColumns = sealedColumns
        self.publishes = publishes
        self.statements = statements
    }

    /// A table of the module's schema.
    public struct Table: Sendable, Hashable {
        public let name: String
        public let kind: Kind

        public enum Kind: Sendable, Hashable {
            /// Rows belong to a site: `site_id`, forced row-level security.
            case perSite
            /// Rows belong to a site and are never changed or deleted (a ledger): SELECT and INSERT only.
            case ledger
            /// The same for every site (a catalogue): no `site_id`; the module itself may only read it.
            case reference
            /// The same rows for every site; the module may write them: no `site_id`, so the module itself guards who sees what.
            case county
        }

        public static func perSite(_ name: String) -> Table { Table(name: name, kind: .perSite) }
        public static func ledger(_ name: String) -> Table { Table(name: name, kind: .ledger) }
        public static func reference(_ name: String) -> Table { Table(name: name, kind: .reference) }
        public static func county(_ name: String) -> Table { Table(name: name, kind: .county) }
    }

    /// A large file that lies beside the plugin's library.
    public struct DataFile: Sendable, Hashable {
        public let name: String
        /// SHA-256 of its bytes, lowercase hex. A file with another digest quarantines the module.
        public let sha256: String

        public init(_ name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// A setting, `<code>.<name>` in the host's settings.
    public struct Setting: Sendable, Hashable {
        public let name: String
        public let summary: String
        public let standard: String

        public init(_ name: String, _ summary: String, standard: String) {
            self.name = name
            self.summary = summary
            self.standard = standard
        }
    }
}

/// One forward-only step of a module's schema.
public struct Migration: Sendable, Hashable {
    /// The file's name without `.sql`: `m0001_create`.
    public let name: String
    public let sql: String

    public init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.sql = String(decoding: bytes, as: UTF8.self)
    }
}
