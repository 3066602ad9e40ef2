internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Compares the folder of keys with what the database remembers, and with what is sealed.
struct KeyLister {
    let database: KeyDatabase
    let directory: String
    let stores: [SealedStore]

    func list() throws -> KeyListing {
        let recorded = try RecordedKeys.read(self.database.connection)
        let ring = try KeyRing.exists(directory: self.directory) ? KeyRing.load(directory: self.directory) : nil
        let ids = Set(recorded.keys.keys).union(ring?.fingerprints.keys.map { $0 } ?? []).sorted()
        let inventory = KeyInventory(database: self.database, stores: self.stores)
        let counts = try inventory.declared() + inventory.undeclared(ids)
        let keys = ids.map { id in
            KeyReport(
                id: id, state: Self.state(id, recorded, ring), isIndex: recorded.index == id,
                fingerprint: recorded.keys[id]?.fingerprint ?? ring?.fingerprints[id] ?? "",
                madeAt: recorded.keys[id]?.madeAt
                    ?? ring?.madeAt[id].map { Timestamp(microseconds: $0 * 1_000_000).description },
                retiredAt: recorded.keys[id]?.retiredAt,
                uses: counts.filter { $0.key == id }.map { KeyUse(place: $0.place, values: $0.values) })
        }
        let strange = counts.filter { count in count.key.map { !ids.contains($0) } ?? true }
        return KeyListing(
            keys: keys, rotation: recorded.rotation,
            strange: strange.map { KeyUse(place: $0.place, values: $0.values) })
    }

    static func state(_ id: UInt32, _ recorded: RecordedKeys, _ ring: KeyRing?) -> KeyReport.State {
        guard let key = recorded.keys[id] else { return .prepared }
        if key.retiredAt != nil { return .retired }
        guard let found = ring?.fingerprints[id] else { return .missing }
        guard found == key.fingerprint else { return .foreign }
        return recorded.current == id ? .current : .former
    }
}
