public import XinglinKit

/// What the host or a module wants its schema to be.
public struct SchemaSource: Sendable {
    /// `host`, or the module's code: also the schema's name and the suffix of its role.
    public let code: String
    public let migrations: [Migration]
    /// The tables a module declares, and so may touch. Not used for the host.
    public let tables: [ModuleManifest.Table]
    /// The SHA-256 of each data file, by its name.
    public let dataDigests: [String: String]
    /// Brings reference tables up to the data files; runs as the owner, in one transaction.
    public let load: (@Sendable (Database) throws -> Void)?

    public init(
        code: String, migrations: [Migration], tables: [ModuleManifest.Table] = [], dataDigests: [String: String] = [:],
        load: (@Sendable (Database) throws -> Void)? = nil
    ) {
        self.code = code
        self.migrations = migrations
        self.tables = tables
        self.dataDigests = dataDigests
        self.load = load
    }
}

/// What became of one module's schema.
public enum MigrationOutcome: Sendable {
    /// It is as the module wants it; these migrations were applied just now.
    case applied([String])
    /// Its own transaction was rolled back; the module must be quarantined.
    case failed(MigrationError)
}

/// Why a schema is not as the program wants it.
public struct MigrationError: Error, Sendable, Hashable, CustomStringConvertible {
    public let module: String
    /// The migration, data file or table concerned; empty where it is the module as a whole.
    public let name: String
    public let reason: String

    public init(module: String, name: String, reason: String) {
        self.module = module
        self.name = name
        self.reason = reason
    }

    public var description: String {
        self.name.isEmpty ? "\(self.module): \(self.reason)" : "\(self.module)/\(self.name): \(self.reason)"
    }
}
