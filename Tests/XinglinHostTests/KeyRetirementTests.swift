import Foundation
import Logging
import Testing
import XinglinCrypto
import XinglinKit
import XinglinTesting

@testable import XinglinHost
@testable import XinglinPostgres

@Suite("A key is retired only when nothing needs it any more")
struct KeyRetirementTests {
    @Test("a key that seals, that is unknown or that still has values is not retired")
    func refusals() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        _ = try await keys.client().put(["a"])
        #expect(throws: StartFailure.self) { try keys.retire(1) }
        #expect(throws: StartFailure.self) { try keys.retire(9) }
        try await keys.rotate()
        // Blind indexes are made with key 1, and a host runs.
        let refused = #expect(throws: StartFailure.self) { try keys.retire(1) }
        #expect(refused?.remedy.en.contains("stop every host") == true)
        #expect(throws: StartFailure.self) { try keys.retire(1, isAlone: true) }
        #expect(keys.hasFile("0001.key"))
        try await keys.rotate()
        try keys.retire(2)
        #expect(keys.hasFile("0002.key.retired") && !keys.hasFile("0002.key"))
        let again = #expect(throws: StartFailure.self) { try keys.retire(2) }
        #expect(again?.reason.en == "key 2 is retired already")
        #expect(try keys.list().keys.map(\.state) == [.former, .retired, .current])
        #expect(try await keys.rotate().key == 4, "a number is not used twice")
    }

    @Test("retiring the first key makes every blind index anew while no host runs")
    func movesTheIndex() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        let client = try await keys.client()
        let ids = try await client.put(["a", "b"])
        _ = try await keys.client("t2").put(["c"])
        try keys.host.script(
            "UPDATE vault.entry SET sealed_index = NULL WHERE entry_id = '\(ids[1].stringValue ?? "")'")
        try await keys.rotate()
        keys.host.core.stop()
        try keys.retire(1, isAlone: true)
        #expect(keys.hasFile("0001.key.retired") && !keys.hasFile("0001.key"))
        let listed = try keys.list().keys
        #expect(listed.map(\.state) == [.retired, .current] && listed.map(\.isIndex) == [false, true])
        // Another host on the same database and folder.
        let ring = try KeyGuard.load(keys.directory, keys.database().connection)
        #expect(ring.indexID == 2 && ring.currentID == 2)
        let index = try FieldCipher(ring).blindIndex("a", context: VaultModule.text.indexContext(module: "vault"))
        let found = try keys.host.sql(
            "SELECT entry_id::text FROM vault.entry WHERE sealed_index = '\(SQLBytes(index).sqlText ?? "")'")
        #expect(found == [[ids[0].stringValue]])
        #expect(try keys.host.sql("SELECT count(*)::text FROM vault.entry WHERE sealed_index IS NULL") == [["1"]])
    }

    @Test("an index that is made of something else than the value is left alone, and the key with it")
    func refusesAnIndexOfSomethingElse() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        _ = try await keys.client().put(["a", "b"])
        try keys.host.script("UPDATE vault.entry SET sealed_index = decode(repeat('ab', 32), 'hex')")
        try await keys.rotate()
        keys.host.core.stop()
        let before = try keys.host.sql("SELECT name, value FROM host.note ORDER BY name")
        let refused = #expect(throws: StartFailure.self) { try keys.retire(1, isAlone: true) }
        #expect(refused?.reason.en.contains("vault.entry.sealed") == true)
        #expect(try keys.host.sql("SELECT name, value FROM host.note ORDER BY name") == before)
        #expect(keys.hasFile("0001.key"))
    }

    @Test("a retirement that was killed before the file was moved is completed")
    func completes() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        try await keys.rotate()
        try await keys.rotate()
        try keys.host.script("INSERT INTO host.note (name, value) VALUES ('key/2/retired', 'now')")
        #expect(try KeyGuard.load(keys.directory, keys.database().connection).currentID == 3)
        try keys.retire(2)
        #expect(keys.hasFile("0002.key.retired"))
    }

    @Test("missing, foreign, retired too late, damaged, open to others: each refusal says what to do")
    func guardRefuses() async throws {
        let keys = KeyHarness(host: try await TestHost.start(VaultModule.self))
        try await keys.rotate()
        let database = try keys.database()
        func refusal() -> String {
            do {
                _ = try KeyGuard.load(keys.directory, database.connection)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal().isEmpty)
        let files = FileManager.default
        let second = "\(keys.directory)/0002.key"
        let content = try Data(contentsOf: URL(fileURLWithPath: second))
        try files.moveItem(atPath: second, toPath: second + ".away")
        #expect(refusal().contains("key 2 of this database is not in"))
        try files.moveItem(atPath: second + ".away", toPath: second + ".retired")
        #expect(refusal().contains("rename \(second).retired to \(second)"))
        try files.moveItem(atPath: second + ".retired", toPath: second)
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: second)
        #expect(refusal().contains("chmod 600"))
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: second)
        var damaged = content
        damaged[20] ^= 1
        try damaged.write(to: URL(fileURLWithPath: second))
        #expect(refusal().contains("restore it from its backup"))
        let other = KeyHarness(host: try await TestHost.start(VaultModule.self))
        try await other.rotate()
        try Data(contentsOf: URL(fileURLWithPath: "\(other.directory)/0002.key")).write(
            to: URL(fileURLWithPath: second))
        #expect(refusal().contains("another database"))
    }
}
