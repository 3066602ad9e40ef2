internal import XinglinKit
internal import XinglinPostgres

/// What the database remembers of the keys, as notes: `key/N` is the fingerprint of key N, `key/N/made` and `key/N/retired`
/// say when, `key/current` and `key/index` name the key that seals and the one that blind indexes are made with, and
/// `key/rotation` the one that an unfinished rotation goes to.
struct RecordedKeys {
    struct Key {
        var fingerprint: String?
        var madeAt: String?
        var retiredAt: String?
    }

    /// Every key that was ever in use here.
    private(set) var keys: [UInt32: Key] = [:]
    private(set) var rotation: UInt32?
    private var chosenCurrent: UInt32?
    private var chosenIndex: UInt32?

    static let prefix = "key/"

    static func read(_ connection: Connection) throws -> RecordedKeys {
        let rows = try connection.query("SELECT name, value FROM host.note WHERE starts_with(name, \(Self.prefix))")
        return RecordedKeys(try rows.decode(as: (String, String).self))
    }

    init(_ notes: [(String, String)]) {
        for (name, value) in notes {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
            guard let first = parts.first else { continue }
            guard let id = UInt32(first) else {
                self.choose(first, UInt32(value))
                continue
            }
            switch parts.dropFirst().first {
            case nil: self.keys[id, default: Key()].fingerprint = value
            case "made": self.keys[id, default: Key()].madeAt = value
            case "retired": self.keys[id, default: Key()].retiredAt = value
            default: continue
            }
        }
    }

    /// The keys that may have sealed values, in order.
    var active: [UInt32] {
        self.keys.filter { $0.value.fingerprint != nil && $0.value.retiredAt == nil }.keys.sorted()
    }

    /// The key that seals new values; nil where the database has none yet.
    var current: UInt32? { self.chosenCurrent ?? self.active.last }

    /// The key that blind indexes are made with.
    var index: UInt32? { self.chosenIndex ?? self.active.first }

    /// The highest number that was ever used.
    var last: UInt32 { self.keys.keys.max() ?? 0 }

    private mutating func choose(_ what: String, _ id: UInt32?) {
        switch what {
        case "current": self.chosenCurrent = id
        case "index": self.chosenIndex = id
        case "rotation": self.rotation = id
        default: return
        }
    }
}

/// The statements that change the notes.
extension RecordedKeys {
    /// Fails the transaction, which may then be repeated, where the database names another key as the one that seals.
    static func mustSeal(with id: UInt32) -> SQL { "SELECT host.seals_with(\(Int64(id)))" }

    /// What that failure is told by.
    static let fence = "sealing_key_is_current"

    /// Remembers a key, unless it is known already.
    static func remember(_ id: UInt32, fingerprint: String, madeAt: Timestamp) -> [SQL] {
        [Self.keep("\(id)", fingerprint), Self.keep("\(id)/made", madeAt.description)]
    }

    /// Sets a note unless it is there.
    static func keep(_ name: String, _ value: String) -> SQL {
        """
        INSERT INTO host.note (name, value) VALUES (\(Self.prefix + name), \(value)) ON CONFLICT (name) DO NOTHING
        """
    }

    /// Sets a note.
    static func set(_ name: String, _ value: String) -> SQL {
        """
        INSERT INTO host.note (name, value) VALUES (\(Self.prefix + name), \(value)) \
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """
    }

    static func remove(_ name: String) -> SQL {
        "DELETE FROM host.note WHERE name = \(Self.prefix + name)"
    }
}
