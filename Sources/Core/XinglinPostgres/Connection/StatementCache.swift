/// Which statements a connection has prepared: the least recently used leaves first. Pure state, no connection.
struct StatementCache {
    /// A statement's text and the role it was prepared under.
    struct Key: Hashable {
        let role: String
        let text: String
    }

    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    /// Names that the server still holds and nobody uses any more.
    private(set) var evicted: [String] = []

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { self.entries.count }

    /// The name of the prepared statement, or nil where it must be prepared first.
    mutating func name(of key: Key) -> String? {
        self.uses += 1
        guard self.entries[key] != nil else { return nil }
        self.entries[key]?.lastUse = self.uses
        return self.entries[key]?.name
    }

    /// A name never given before on this connection: a failed PREPARE never blocks a later one.
    mutating func makeName() -> String {
        self.names += 1
        return "x\(self.names)"
    }

    /// Notes that the server has prepared the statement.
    mutating func insert(_ key: Key, name: String) {
        self.uses += 1
        if let old = self.entries[key] { self.evicted.append(old.name) }
        self.entries[key] = Entry(name: name, lastUse: self.uses)
        guard self.entries.count > self.capacity,
            let oldest = self.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        else { return }
        self.entries[oldest.key] = nil
        self.evicted.append(oldest.value.name)
    }

    /// Gives up every statement: after the schema changed under them.
    mutating func forgetAll() {
        self.evicted += self.entries.values.map(\.name)
        self.entries = [:]
    }

    /// Hands over the names to deallocate.
    mutating func takeEvicted() -> [String] {
        defer { self.evicted = [] }
        return self.evicted
    }
}
