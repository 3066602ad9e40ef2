import Foundation
import Testing
import XinglinKit

@testable import XinglinHost

@Suite("Whose a data folder is") struct DataFolderOwnerTests {
    private static let nobody: UInt32 = 65_534

    /// A folder for the body; as root it can be given to others.
    private static func withFolder(_ body: (HostFolders) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(HostFolders(path))
    }

    @Test("its owner may work on it, and whoever makes it")
    func owner() throws {
        try Self.withFolder { folders in
            #expect(DataFolderOwner.refusal(folders) == nil)
            try folders.prepare()
            #expect(DataFolderOwner.refusal(folders) == nil)
            #expect(DataFolderOwner.refusal(HostFolders("\(folders.root)/absent")) == nil)
        }
    }

    @Test("another user is refused before anything is made, and told as whom to run it")
    func stranger() throws {
        try Self.withFolder { folders in
            // Who is not root cannot give a folder away, but knows one of root's.
            let isRoot = geteuid() == 0
            let foreign = isRoot ? folders : HostFolders("/")
            if isRoot { try #require(chown(folders.root, Self.nobody, Self.nobody) == 0) }
            let refusal = try #require(DataFolderOwner.refusal(foreign))
            let name = isRoot ? "nobody" : "root"
            #expect(refusal.reason.en.contains("belongs to \(name), and this command runs as"))
            #expect(refusal.remedy.zh.contains(isRoot ? "runuser -u nobody -- xinglin" : "sudo -u root xinglin"))
            #expect(throws: StartFailure.self) { try foreign.prepare() }
            #expect(!FileManager.default.fileExists(atPath: foreign.keys))
        }
    }

    @Test(
        "the keys, which the host makes, say whose it is where the folder was there before",
        .enabled(if: geteuid() == 0))
    func keys() throws {
        try Self.withFolder { folders in
            try folders.prepare()
            try #require(chown(folders.root, Self.nobody, Self.nobody) == 0)
            #expect(DataFolderOwner.refusal(folders) == nil)
            try #require(chown(folders.root, 0, 0) == 0 && chown(folders.keys, 4_211, 4_211) == 0)
            let refusal = try #require(DataFolderOwner.refusal(folders))
            #expect(refusal.reason.en.contains("the user id 4211") && refusal.remedy.en.contains("chown"))
        }
    }
}
