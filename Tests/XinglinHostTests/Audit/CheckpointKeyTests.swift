import Foundation
import Testing
import XinglinCrypto
import XinglinTesting

@testable import XinglinHost

@Suite("The key that signs checkpoints")
struct CheckpointKeyTests {
    private func withFolders(_ body: (HostFolders) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("xl-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folders = HostFolders(root)
        try folders.prepare()
        try body(folders)
    }

    @Test("It is made once, for its owner alone, and its public half lies beside the keys")
    func made() throws {
        try self.withFolders { folders in
            let key = try CheckpointKey.prepare(folders)
            #expect(try CheckpointKey.prepare(folders).verifying == key.verifying)
            let attributes = try FileManager.default.attributesOfItem(atPath: folders.checkpointKey)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let pem = try String(contentsOfFile: folders.checkpointPublicKey, encoding: .utf8)
            #expect(try VerifyingKey(pem: pem) == key.verifying)
        }
    }

    @Test("A key that is missing, or is another one, refuses to start; whoever moves the public half away starts anew")
    func missing() throws {
        try self.withFolders { folders in
            let key = try CheckpointKey.prepare(folders)
            try FileManager.default.moveItem(atPath: folders.checkpointKey, toPath: folders.root + "/aside.pem")
            #expect(throws: StartFailure.self) { try CheckpointKey.prepare(folders) }
            #expect(!FileManager.default.fileExists(atPath: folders.checkpointKey), "none is made in its place")
            _ = try SigningKey.make(at: folders.checkpointKey)
            #expect(throws: StartFailure.self) { try CheckpointKey.prepare(folders) }
            try FileManager.default.removeItem(atPath: folders.checkpointPublicKey)
            #expect(try CheckpointKey.prepare(folders).verifying != key.verifying)
        }
    }
}
