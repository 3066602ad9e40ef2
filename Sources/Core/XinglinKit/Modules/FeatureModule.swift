/// A feature module: the type that a plugin's entry point hands to the host.
public protocol FeatureModule: Sendable {
    static var manifest: ModuleManifest { get }

    /// Boots the module. A throw quarantines it; the others run.
    init(_ boot: Boot) throws

    /// Its methods.
    var methods: [any RPCMethod] { get }

    /// The kinds of files that can be imported into it.
    var imports: [any BulkImport] { get }

    /// What it does when something has happened.
    var handlers: [any EventHandler] { get }

    /// The kinds of files that can be exported from it.
    var exports: [any BulkExport] { get }

    /// What it does by itself at set times.
    var jobs: [any ScheduledJob] { get }

    /// Brings reference tables up to the module's data files. Runs as the owner of the schema, in the migrations'
    /// transaction, whenever a data file's digest is not the one last loaded.
    func load(_ files: DataFiles, into db: Database) throws
}

extension FeatureModule {
    public var imports: [any BulkImport] { [] }
    public var exports: [any BulkExport] { [] }
    public var handlers: [any EventHandler] { [] }
    public var jobs: [any ScheduledJob] { [] }

    public func load(_ files: DataFiles, into db: Database) throws {}
}

/// What a module is booted with.
public struct Boot: Sendable {
    /// The values of the settings that its manifest declares, by name without the module's prefix.
    public let settings: [String: String]

    public init(settings: [String: String]) {
        self.settings = settings
    }
}

/// A module's data files, their digests checked.
public struct DataFiles: Sendable {
    private let contents: [String: [UInt8]]

    public init(_ contents: [String: [UInt8]]) {
        self.contents = contents
    }

    /// The bytes of a file that the manifest declares.
    public subscript(_ name: String) -> [UInt8] { self.contents[name] ?? [] }
}
