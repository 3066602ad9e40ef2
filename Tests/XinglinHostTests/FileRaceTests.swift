import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Files when many act at once")
struct FileRaceTests {
    private static let megabyte: Int64 = 1_048_576

    @Test("uploads that race for the site's room never exceed it together, and use it up")
    func siteQuota() async throws {
        let cabinet = try await FileCabinet.open {
            $0.files.siteMegabytes = 10
            $0.files.openMegabytes = 1000
        }
        var clients: [TestClient] = []
        for _ in 0..<4 { clients.append(try await cabinet.host.client(role: .nurse, site: "t1")) }
        let nurses = clients
        let outcomes = Racing.run(32) {
            let number = Int.random(in: 0..<1_000_000_000)
            return try Racing.retrying {
                try nurses[number % nurses.count].callAndWait(
                    "files.begin",
                    [
                        "name": .string("n\(number)"), "mediaType": "a/b", "bytes": .integer(Self.megabyte),
                        "sm3": .string(try SM3.hex(Array("\(number)".utf8))),
                    ])
            }
        }
        let good = outcomes.filter { (try? $0.get()) != nil }.count
        #expect(good == 10)
        for case .failure(let error) in outcomes {
            let refused = try #require(error as? CallRefused)
            #expect(refused.reason == "host.fileQuota" && refused.details?["limit"] == "site")
        }
        #expect(try cabinet.stored() == [["0", "10", "10", "\(10 * Self.megabyte)", "\(10 * Self.megabyte)"]])
        let usage = try await cabinet.nurse.call("files.usage")
        #expect(
            usage["site"] == [
                "files": 10, "bytes": .integer(10 * Self.megabyte), "limitBytes": .integer(10 * Self.megabyte),
                "limitFiles": 1_000_000,
            ])
    }

    @Test("uploads of one account that race never exceed what it may have open, and other accounts are not held by it")
    func accountQuota() async throws {
        let cabinet = try await FileCabinet.open { $0.files.openMegabytes = 3 }
        let nurse = cabinet.nurse
        let outcomes = Racing.run(16) {
            let number = Int.random(in: 0..<1_000_000_000)
            return try Racing.retrying {
                try nurse.callAndWait(
                    "files.begin",
                    [
                        "name": .string("n\(number)"), "mediaType": "a/b", "bytes": .integer(Self.megabyte),
                        "sm3": .string(try SM3.hex(Array("\(number)".utf8))),
                    ])
            }
        }
        #expect(outcomes.filter { (try? $0.get()) != nil }.count == 3)
        for case .failure(let error) in outcomes {
            #expect((error as? CallRefused)?.details?["limit"] == "account")
        }
        #expect(try cabinet.stored()[0][1] == "3")
        let other = try await cabinet.host.client(role: .nurse, site: "t1")
        _ = try await cabinet.put(FileBytes.make(1000), by: other)
        let large = try await cabinet.refusal(
            "files.begin",
            [
                "name": "a", "mediaType": "a/b", "bytes": .integer(257 * Self.megabyte),
                "sm3": .string(try SM3.hex([])),
            ])
        #expect(large.reason == "host.fileQuota" && large.details?["limit"] == "file")
    }

    @Test("files are counted too: racing uploads of nothing never exceed what an account, or a site, may have")
    func numbers() async throws {
        let cabinet = try await FileCabinet.open {
            $0.files.openFiles = 3
            $0.files.siteFiles = 5
        }
        func begin(_ client: TestClient, _ times: Int) -> [CallRefused?] {
            Racing.run(times) {
                let params: JSONValue = [
                    "name": .string("n\(Int.random(in: 0..<1_000_000_000))"), "mediaType": "a/b", "bytes": 0,
                    "sm3": .string(try SM3.hex([])),
                ]
                return try Racing.retrying { try client.callAndWait("files.begin", params) }
            }.map { if case .failure(let error) = $0 { error as? CallRefused } else { nil } }
        }
        let refusals = begin(cabinet.nurse, 12).compactMap { $0 }
        #expect(refusals.count == 9)
        for refusal in refusals {
            #expect(refusal.reason == "host.fileQuota")
            #expect(refusal.details == ["limit": "accountFiles", "limitFiles": 3])
        }
        let usage = try await cabinet.nurse.call("files.usage")
        #expect(usage["own"]?["openFiles"] == 3 && usage["own"]?["openLimitFiles"] == 3)
        #expect(usage["site"]?["files"] == 3 && usage["site"]?["limitFiles"] == 5)
        let other = try await cabinet.host.client(role: .nurse, site: "t1")
        let full = begin(other, 6).compactMap { $0 }
        #expect(full.count == 4)
        #expect(full.allSatisfy { $0.details == ["limit": "siteFiles", "limitFiles": 5] })
        // What is finished, or goes, makes room.
        let own = try #require(try await cabinet.nurse.call("files.list")["files"]?[0]?["fileId"])
        try await cabinet.nurse.call("files.delete", ["fileId": own])
        #expect(begin(other, 2).compactMap { $0 }.count == 1)
    }

    @Test("one upload begun many times at once is one file")
    func begunAtOnce() async throws {
        let cabinet = try await FileCabinet.open()
        let params = try FileCabinet.params(FileBytes.make(50))
        let nurse = cabinet.nurse
        let outcomes = Racing.run(16) {
            try Racing.retrying { try nurse.callAndWait("files.begin", params)["fileId"] }
        }
        #expect(Set(try outcomes.map { try $0.get() }).count == 1)
        #expect(try cabinet.stored() == [["0", "1", "1", "50", "50"]])
    }

    @Test("one piece sent many times at once is there once")
    func appendedAtOnce() async throws {
        let cabinet = try await FileCabinet.open()
        let bytes = FileBytes.make(400_000)
        let id = try await cabinet.begin(bytes)
        let nurse = cabinet.nurse
        let text = Base64.encode(bytes)
        let outcomes = Racing.run(8) {
            try Racing.retrying {
                try nurse.callAndWait("files.append", ["fileId": id, "offset": 0, "base64": .string(text)])["received"]
            }
        }
        for outcome in outcomes { #expect(try outcome.get() == 400_000) }
        try await cabinet.nurse.call("files.finish", ["fileId": id], deadlineMs: 60_000)
        #expect(try await cabinet.whole(id) == bytes)
    }

    @Test("of deleting a file and referencing it at once just one happens: no reference is left dangling")
    func deleteAgainstReference() async throws {
        let cabinet = try await FileCabinet.open()
        let nurse = cabinet.nurse
        var attached = 0
        for round in 0..<25 {
            let id = try await cabinet.put(FileBytes.make(10 + round), name: "n\(round)")
            let outcomes = Racing.run(4) { () -> String in
                let isDeleting = Int.random(in: 0..<2) == 0
                do {
                    _ = try Racing.retrying {
                        try nurse.callAndWait(isDeleting ? "files.delete" : "folder.paper.attach", ["fileId": id])
                    }
                    return isDeleting ? "deleted" : "attached"
                } catch let refused as CallRefused {
                    return refused.reason
                }
            }.map { (try? $0.get()) ?? "failed" }
            #expect(
                Set(outcomes).isSubset(of: ["deleted", "attached", "host.notFound", "host.fileReferenced"]),
                "\(outcomes)")
            #expect(outcomes.filter { $0 == "deleted" }.count <= 1)
            #expect(!(outcomes.contains("deleted") && outcomes.contains("attached")), "\(outcomes)")
            attached += outcomes.contains("attached") ? 1 : 0
        }
        let dangling = try cabinet.host.sql(
            """
            SELECT (SELECT count(*) FROM folder.paper p WHERE NOT EXISTS (SELECT FROM host.file WHERE file_id = p.file_id)),
                (SELECT count(*) FROM folder.paper p WHERE NOT EXISTS (
                    SELECT FROM host.file_reference r WHERE r.file_id = p.file_id AND r.record_id = p.paper_id)),
                (SELECT count(DISTINCT file_id) FROM folder.paper)
            """)
        #expect(dangling == [["0", "0", "\(attached)"]])
    }
}
