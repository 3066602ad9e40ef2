public import XinglinKit

/// What a backup says of itself: `manifest.json`. Counts are of the very snapshot that was dumped.
public struct BackupManifest: Codable, Sendable {
    /// The form of the backup; this program writes and reads 1.
    public var format: Int
    /// The version of the program that wrote it.
    public var program: String
    /// When the snapshot was taken.
    public var takenAt: Timestamp
    public var database: Database
    public var migrations: [Migration]
    public var tables: [Table]
    public var largeObjects: Int
    public var files: [File]
    /// The keys that its sealed values need; the keys themselves are not in it.
    public var keys: [Key]
    /// Which of them seals new values, and which makes the blind indexes.
    public var currentKey: Int64?
    public var indexKey: Int64?
    public var audit: Audit?

    public struct Database: Codable, Sendable {
        /// PostgreSQL's, such as `15.18`.
        public var version: String
        public var rolePrefix: String
        /// The modules that have a schema.
        public var modules: [String]
    }
    public struct Migration: Codable, Sendable, Equatable {
        public var module: String
        public var name: String
        public var checksum: String
    }
    public struct Table: Codable, Sendable, Equatable {
        public var schema: String
        public var name: String
        public var rows: Int
    }
    public struct File: Codable, Sendable {
        public var name: String
        public var bytes: Int64
        public var sm3: String
    }
    public struct Key: Codable, Sendable, Equatable {
        public var id: Int64
        public var fingerprint: String
    }
    /// Where the audit stood: the last link of each chain, and the last checkpoint.
    public struct Audit: Codable, Sendable, Equatable {
        public var heads: [Head]
        public var checkpoint: Checkpoint?
    }
    public struct Head: Codable, Sendable, Equatable {
        public var chain: String
        public var number: Int64
        public var link: String
    }
    public struct Checkpoint: Codable, Sendable, Equatable {
        public var number: Int64
        public var digest: String
    }

    static let currentFormat = 1
    static let file = "manifest.json"
    static let dumpFile = "database.dump"

    /// How many rows there are in all.
    public var rows: Int { self.tables.reduce(0) { $0 + $1.rows } }
    /// How large its files are together.
    public var bytes: Int64 { self.files.reduce(0) { $0 + $1.bytes } }
}
