import Foundation
import Testing
import XinglinCrypto
import XinglinKit
import XinglinTesting

@testable import XinglinHost

/// What `xinglin keys` does, on the database of a test's host.
struct KeyHarness {
    let host: TestHost
    /// The database login's role; nil is the superuser.
    var role: String?
    /// The module whose columns are sealed.
    var module: any FeatureModule.Type = VaultModule.self

    var directory: String { "\(self.host.folder)/keys" }
    var stores: [SealedStore] {
        let manifest = self.module.manifest
        return SealedStore.ofHost + manifest.sealedColumns.map { SealedStore($0, module: manifest.code) }
    }

    func database() throws -> KeyDatabase {
        let options = self.role.map { " options='-c role=\($0)'" } ?? ""
        return try KeyDatabase(
            TestCluster.shared().superuser(self.host.database) + options, rolePrefix: "xinglin")
    }

    func rotation() throws -> KeyRotation {
        KeyRotation(
            database: try self.database(), directory: self.directory, stores: self.stores, now: HostClock.system.now,
            // Other tests on the server hold transactions open while they wait for their turn.
            patience: .seconds(1200))
    }

    /// On a thread of its own: it waits for the transactions of other tests, which need the few threads that tasks run on.
    @discardableResult
    func rotate() async throws -> RotationReport {
        // SAFETY: used by that one thread alone.
        nonisolated(unsafe) let rotation = try self.rotation()
        return try await Racing.aside(1) { try rotation.run { _ in } }[0].get()
    }

    func retire(_ id: UInt32, isAlone: Bool = false) throws {
        try KeyRetirement(
            database: self.database(), directory: self.directory, stores: self.stores, isAlone: isAlone,
            now: HostClock.system.now
        ).retire(id)
    }

    func list() throws -> KeyListing {
        try KeyLister(database: self.database(), directory: self.directory, stores: self.stores).list()
    }

    /// How many values each key seals.
    func values() throws -> [UInt32: Int] {
        Dictionary(uniqueKeysWithValues: try self.list().keys.map { ($0.id, $0.uses.reduce(0) { $0 + $1.values }) })
    }

    func hasFile(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(self.directory)/\(name)") }

    /// A client that puts entries in and reads them.
    func client(_ site: String = "t1") async throws -> TestClient {
        try await self.host.client(role: .pharmacist, site: site)
    }
}

extension TestClient {
    /// Puts texts in and gives their ids.
    func put(_ texts: [String]) async throws -> [JSONValue] {
        var ids: [JSONValue] = []
        for text in texts {
            let reply = try await self.call("vault.entry.put", ["text": .string(text)], key: "put-\(text)")
            ids.append(reply["entryId"] ?? .null)
        }
        return ids
    }

    func texts() async throws -> Set<String> {
        let texts = try await self.call("vault.entry.list")["texts"]?.arrayValue ?? []
        return Set(texts.compactMap(\.stringValue))
    }
}
