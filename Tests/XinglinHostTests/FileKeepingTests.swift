import Foundation
import Testing
import XinglinCrypto
import XinglinKit
import XinglinPostgres
import XinglinTesting

@testable import XinglinHost

@Suite("What is kept of files, and how it is sealed")
struct FileKeepingTests {
    @Test("unfinished uploads and files that nothing references expire; referenced ones never do")
    func expiry() async throws {
        let cabinet = try await FileCabinet.open()
        let open = try await cabinet.begin(FileBytes.make(500), name: "open")
        try await cabinet.append(open, FileBytes.make(100), at: 0)
        let young = try await cabinet.begin(FileBytes.make(501), name: "young")
        let loose = try await cabinet.put(FileBytes.make(10), name: "loose")
        let held = try await cabinet.put(FileBytes.make(11), name: "held")
        _ = try await cabinet.attach(held)
        let released = try await cabinet.put(FileBytes.make(12), name: "released")
        let paper = try await cabinet.attach(released)
        func age(_ days: Int) throws {
            try cabinet.host.script(
                "UPDATE host.file SET used_at = now() - interval '\(days) days' WHERE name <> 'young'")
        }
        let admin = try await cabinet.host.administrator()
        func purge() async throws -> [String] {
            try await admin.call("jobs.run", ["job": "host.filesPurge"])
            try cabinet.host.doJobs()
            return try cabinet.host.sql("SELECT name FROM host.file ORDER BY name").map { $0[0] ?? "" }
        }
        try age(6)
        #expect(try await purge() == ["held", "loose", "open", "released", "young"])
        try age(8)
        #expect(try await purge() == ["held", "loose", "released", "young"])
        try age(31)
        // The release counts as a use: from now on it is kept for thirty days.
        try await cabinet.nurse.call("folder.paper.detach", ["paperId": paper])
        #expect(try await purge() == ["held", "released", "young"])
        try age(31)
        #expect(try await purge() == ["held", "young"])
        #expect(try await cabinet.whole(held) == FileBytes.make(11))
        #expect(try await cabinet.refusal("files.get", ["fileId": loose]).reason == "host.notFound")
        #expect(try await cabinet.nurse.call("files.get", ["fileId": young])["received"] == 0)
        #expect(try cabinet.host.sql("SELECT count(*) FROM pg_largeobject_metadata") == [["1"]])
        #expect(try cabinet.stored() == [["1", "2", "2", "512", "512"]])
    }

    @Test(
        "a rotation seals every block anew, finished or being uploaded, and nothing is lost",
        arguments: [nil, "xinglin_migrator"])
    func rotation(role: String?) async throws {
        let cabinet = try await FileCabinet.open()
        let keys = KeyHarness(host: cabinet.host, role: role, module: FolderModule.self)
        let bytes = FileBytes.make(700_000)
        let id = try await cabinet.put(bytes)
        let open = try await cabinet.begin(FileBytes.make(400_000, from: 9), name: "open")
        try await cabinet.append(open, FileBytes.make(300_000, from: 9), at: 0)
        let place = KeyUse(place: "host.file.content", values: 5)
        #expect(try keys.list().keys.map(\.uses) == [[place]])
        let report = try await keys.rotate()
        #expect(report.isComplete && report.resealed == 5)
        #expect(try keys.list().keys.map(\.uses) == [[], [place]])
        #expect(try await cabinet.whole(id) == bytes)
        try await cabinet.append(open, FileBytes.make(100_000, from: 300_009), at: 300_000)
        try await cabinet.nurse.call("files.finish", ["fileId": open], deadlineMs: 60_000)
        #expect(try await cabinet.whole(open) == FileBytes.make(400_000, from: 9))
        #expect(try keys.list().keys.map(\.uses) == [[], [place]])
        #expect(try await keys.rotate().isComplete)
    }

    @Test("a key that still seals a block is not retired")
    func retirement() async throws {
        let cabinet = try await FileCabinet.open()
        let keys = KeyHarness(host: cabinet.host, module: FolderModule.self)
        let id = try await cabinet.put(FileBytes.make(10))
        try await keys.rotate()
        // As if the rotation had missed it: what was there before the rotation is put back.
        let former = FieldCipher(try KeyRing.load(directory: keys.directory).using(current: 1, index: 1))
        let file = try #require(id.stringValue)
        let sealed = try former.seal(FileBytes.make(10), context: FileContent.context(file, 0))
        try cabinet.host.script(
            "SELECT lo_put(object, 0, decode('\(Base64.encode(sealed))', 'base64')) FROM host.file")
        let refused = #expect(throws: StartFailure.self) { try keys.retire(1) }
        #expect(refused?.reason.en == "key 1 still seals 1 values of host.file.content")
        #expect(try await cabinet.whole(id) == FileBytes.make(10))
    }

    @Test("uploads race a rotation: every file is as it was sent, and nothing stays under the former key")
    func rotationRaces() async throws {
        let cabinet = try await FileCabinet.open()
        let keys = KeyHarness(host: cabinet.host, module: FolderModule.self)
        let writer = Thread.detachedResult { [nurse = cabinet.nurse] in
            for file in 0..<6 {
                let bytes = FileBytes.make(150_000 + file, from: file)
                let begun = try nurse.callAndWait("files.begin", FileCabinet.params(bytes, name: "n\(file)"))
                var offset = 0
                while offset < bytes.count {
                    let piece = Array(bytes[offset..<min(bytes.count, offset + 20_000)])
                    let reply = try Racing.retrying {
                        try nurse.callAndWait(
                            "files.append",
                            [
                                "fileId": begun["fileId"] ?? .null, "offset": .integer(Int64(offset)),
                                "base64": .string(Base64.encode(piece)),
                            ])
                    }
                    offset = Int(reply["received"]?.integerValue ?? 0)
                }
                _ = try Racing.retrying {
                    try nurse.callAndWait("files.finish", ["fileId": begun["fileId"] ?? .null])
                }
            }
        }
        var last: UInt32 = 1
        for _ in 0..<3 {
            let report = try await keys.rotate()
            #expect(report.isComplete)
            last = report.key
        }
        try writer.value()
        #expect(try await keys.rotate().isComplete)
        #expect(try keys.list().keys.filter { !$0.uses.isEmpty }.map(\.id) == [last + 1])
        for file in try await cabinet.nurse.call("files.list")["files"]?.arrayValue ?? [] {
            let number = Int(file["name"]?.stringValue?.dropFirst() ?? "") ?? 0
            #expect(file["state"] == "finished")
            #expect(
                try await cabinet.whole(file["fileId"] ?? .null) == FileBytes.make(150_000 + number, from: number))
        }
    }

    @Test("a block that was changed, or moved to another place, is found out and not given")
    func damaged() async throws {
        let cabinet = try await FileCabinet.open()
        let bytes = FileBytes.make(600_000)
        let id = try await cabinet.put(bytes)
        try cabinet.host.script(
            "SELECT lo_put(object, \(FileContent.sealedBytes), lo_get(object, 0, \(FileContent.sealedBytes))) FROM host.file"
        )
        let refused = try await cabinet.refusal("files.read", ["fileId": id, "offset": 300_000, "length": 10])
        #expect(refused.reason == "host.internal")
        #expect(try await cabinet.read(id, 0, 100) == Array(bytes[0..<100]))
        let keys = KeyHarness(host: cabinet.host, module: FolderModule.self)
        let report = try await keys.rotate()
        #expect(!report.isComplete && report.unreadable == [KeyUse(place: "host.file.content", values: 1)])
    }
}
