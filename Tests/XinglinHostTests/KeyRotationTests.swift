import Foundation
import Testing
import XinglinCrypto
import XinglinKit
import XinglinTesting

@testable import XinglinHost

@Suite("A key is put in the place of another and no value is lost")
struct KeyRotationTests {
    @Test(
        "every value of every site goes under the new key, and stays readable and findable",
        arguments: [nil, "xinglin_migrator"])
    func rotates(role: String?) async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self), role: role)
        let one = try await keys.client("t1")
        let two = try await keys.client("t2")
        let id = try await one.put(["a", "b", "c"])[1]
        _ = try await two.put(["d"])
        let before = try await (one.texts(), two.texts())
        #expect(before.0.count == 6)
        // Two columns of four entries, and the four stored replies.
        #expect(try keys.values() == [1: 12])
        let report = try await keys.rotate()
        #expect(report.key == 2 && report.resealed == 12 && report.isComplete && !report.isContinued)
        #expect(try keys.values() == [1: 0, 2: 12])
        #expect(try await one.texts() == before.0)
        #expect(try await two.texts() == before.1)
        #expect(try await one.call("vault.entry.find", ["text": "b"])["entryId"] == id)
        // A stored reply is still given back.
        #expect(try await one.put(["b"]) == [id])
    }

    @Test("from the moment on at which the database names another key nothing is sealed with the former one")
    func followsAtOnce() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        let client = try await keys.client()
        _ = try await client.put(["a"])
        // The host is not told: it finds out when its transaction is refused.
        let next = try KeyRing.makeNext(directory: keys.directory, after: 1)
        let fingerprint = try KeyRing.load(directory: keys.directory).fingerprints[next] ?? ""
        try keys.host.script(
            """
            INSERT INTO host.note (name, value) VALUES ('key/2', '\(fingerprint)');
            UPDATE host.note SET value = '2' WHERE name = 'key/current'
            """)
        _ = try await client.put(["b"])
        #expect(try keys.values() == [1: 3, 2: 3])
        #expect(try await client.texts().count == 4)
    }

    @Test("writers race a rotation: what was written last is what is read, and nothing stays under the former key")
    func races() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        let client = try await keys.client()
        let ids = try await client.put((0..<40).map { "start-\($0)" })
        let writer = Thread.detachedResult {
            var last: [Int: String] = [:]
            for round in 0..<12 {
                for entry in [round, round + 12, round + 24] {
                    let text = "round-\(round)-\(entry)"
                    _ = try Racing.retrying {
                        try client.callAndWait(
                            "vault.entry.put", ["text": .string(text), "entryId": ids[entry]], key: text)
                    }
                    last[entry] = text
                }
            }
            return last
        }
        for _ in 0..<3 { try await keys.rotate() }
        let last = try writer.value()
        let texts = try await client.texts()
        for entry in 0..<40 { #expect(texts.contains(last[entry] ?? "start-\(entry)")) }
        #expect(texts.count == 80)
        try await keys.rotate()
        #expect(try keys.values().filter { $0.value > 0 }.keys.sorted() == [5])
        #expect(try keys.list().strange.isEmpty)
    }

    @Test("a rotation that was killed after its file was written uses that file")
    func killedAfterTheFile() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        _ = try await keys.client().put(["a"])
        #expect(try keys.rotation().prepare() == 2)
        #expect(try keys.rotation().prepare() == 2)
        #expect(try keys.list().keys.last?.state == .prepared)
        #expect(try await keys.rotate().key == 2)
        #expect(!keys.hasFile("0003.key"))
    }

    @Test("a rotation that was killed later goes on to the same key")
    func killedLater() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        let client = try await keys.client()
        _ = try await client.put(["a", "b"])
        let saved = try keys.host.sql("SELECT encode(sealed, 'hex') FROM vault.entry ORDER BY entry_id")[0][0] ?? ""
        try await keys.rotate()
        // As if it had been killed before the last value.
        try keys.host.script(
            """
            UPDATE vault.entry SET sealed = decode('\(saved)', 'hex') WHERE entry_id = (SELECT entry_id FROM vault.entry
                ORDER BY entry_id LIMIT 1);
            INSERT INTO host.note (name, value) VALUES ('key/rotation', '2')
            """)
        #expect(try keys.values()[1] == 1)
        #expect(throws: StartFailure.self) { try keys.retire(1, isAlone: true) }
        let report = try await keys.rotate()
        #expect(report.isContinued && report.key == 2 && report.resealed == 1 && report.isComplete)
        #expect(try await client.texts().count == 4)
    }

    @Test(
        "what cannot be opened, and what nobody declares, is left as it is and reported; the rotation stays unfinished")
    func leavesWhatItCannotRead() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        _ = try await keys.client().put(["a", "b"])
        try keys.host.script(
            """
            UPDATE vault.entry SET undeclared = sealed;
            UPDATE vault.entry SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE entry_id = (SELECT entry_id
                FROM vault.entry ORDER BY entry_id LIMIT 1)
            """)
        let report = try await keys.rotate()
        #expect(report.unreadable == [KeyUse(place: "vault.entry.sealed", values: 1)])
        #expect(report.undeclared == [KeyUse(place: "vault.entry.undeclared", values: 2)])
        #expect(!report.isComplete)
        let refused = #expect(throws: StartFailure.self) { try keys.retire(1, isAlone: true) }
        #expect(refused?.reason.en == "a rotation is not finished")
        try keys.host.script(
            "DELETE FROM vault.entry WHERE entry_id = (SELECT min(entry_id::text)::uuid FROM vault.entry); "
                + "UPDATE vault.entry SET undeclared = NULL")
        let again = try await keys.rotate()
        #expect(again.isComplete && again.isContinued)
    }

    @Test("only one command changes the keys at a time")
    func oneAtATime() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        let other = try keys.database()
        try other.claim()
        let refused = await #expect(throws: StartFailure.self) { try await keys.rotate() }
        #expect(refused?.reason.en == "the keys are being changed by another command")
        withExtendedLifetime(other) {}
    }

    @Test("a login that is neither superuser nor a member of the owner is told what to set")
    func needsTheOwner() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self), role: "xinglin_host")
        let refused = await #expect(throws: StartFailure.self) { try await keys.rotate() }
        #expect(refused?.remedy.en.contains("database.migrateUrl") == true)
    }
    @Test("a rotation is not finished while an import waits whose lines were sealed before it")
    func waitsForImports() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        let id = "0198f3a2-7b00-7000-8000-000000000001"
        let cipher = FieldCipher(try KeyRing.load(directory: keys.directory))
        let content = SQLBytes(try cipher.seal([1, 2, 3], context: ImportChunkStore.context(id))).sqlText ?? ""
        try keys.host.script(
            """
            INSERT INTO host.import (import_id, site_id, account_id, kind, name, sm3, columns, state, created_at)
            SELECT '\(id)', site_id, account_id, 'a.b', 'a.csv', '', 'a', 'open', now() FROM host.site, host.account LIMIT 1;
            INSERT INTO host.import_chunk (chunk_id, import_id, first_line, good, content)
            VALUES ('\(id)', '\(id)', 1, 1, '\(content)')
            """)
        let report = try await keys.rotate()
        #expect(report.imports == 1 && report.resealed == 1 && !report.isComplete)
        #expect(throws: StartFailure.self) { try keys.retire(1, isAlone: true) }
        try keys.host.script("DELETE FROM host.import_chunk")
        let again = try await keys.rotate()
        #expect(again.isContinued && again.isComplete)
        // While a file is being uploaded its lines are told apart by digests that are made with the index key.
        keys.host.core.stop()
        let refused = #expect(throws: StartFailure.self) { try keys.retire(1, isAlone: true) }
        #expect(refused?.reason.en == "an import is not finished")
    }
}

extension Thread {
    /// Runs the body on a thread of its own; `value()` waits for what it gives.
    static func detachedResult<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) -> ThreadResult<Value> {
        let result = ThreadResult<Value>()
        Thread { result.put(Result { try body() }) }.start()
        return result
    }
}

final class ThreadResult<Value: Sendable>: @unchecked Sendable {
    // SAFETY: `result` is written once before `done` is signalled and read after.
    private var result: Result<Value, any Error>?
    private let done = DispatchSemaphore(value: 0)

    func put(_ result: Result<Value, any Error>) {
        self.result = result
        self.done.signal()
    }

    func value() throws -> Value {
        self.done.wait()
        guard let result = self.result else { throw CancellationError() }
        return try result.get()
    }
}
