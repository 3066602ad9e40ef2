import Testing
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Who may read and delete files")
struct FileAccessTests {
    private static let methods: [(String, JSONValue)] = [
        ("files.get", [:]), ("files.read", ["offset": 0, "length": 1]), ("files.delete", [:]), ("files.finish", [:]),
        ("files.append", ["offset": 0, "base64": "AQID"]), ("folder.paper.attach", [:]), ("folder.paper.read", [:]),
    ]

    private static func params(_ more: JSONValue, _ id: JSONValue) -> JSONValue {
        .object((more.objectValue ?? [:]).merging(["fileId": id], uniquingKeysWith: { $1 }))
    }

    @Test("another account's file, and one of another site, does not exist; nor can it be attached to be read")
    func strangers() async throws {
        let cabinet = try await FileCabinet.open()
        let id = try await cabinet.put([1, 2, 3])
        let other = try await cabinet.host.client(role: .nurse, site: "t1")
        let far = try await cabinet.host.client(role: .nurse, site: "t2")
        let above = try await cabinet.host.client(role: .siteAdmin, site: "county", reach: .subtree)
        for (method, more) in Self.methods {
            let params = Self.params(more, id)
            #expect(try await cabinet.refusal(method, params, by: other).reason == "host.notFound", "\(method)")
            #expect(try await cabinet.refusal(method, params, by: far).reason == "host.notFound", "\(method)")
            guard method.hasPrefix("files.") else { continue }
            #expect(try await cabinet.refusal(method, params, by: above).reason == "host.notFound", "\(method)")
        }
        #expect(try await other.call("files.list")["files"] == [])
        #expect(try await cabinet.refusal("files.list", ["all": true], by: other).reason == "host.forbidden")
        let all = try await above.call("files.list", ["all": true], site: "t1")["files"]?.arrayValue
        #expect(all?.map { $0["fileId"] } == [id], "the administrator sees that it is there")
        let reading = await refusal {
            try await above.call("files.read", Self.params(["offset": 0, "length": 1], id), site: "t1")
        }
        #expect(reading?.reason == "host.notFound", "and may not read it")
        #expect(try await above.call("files.delete", ["fileId": id], site: "t1")["deleted"] == true)
    }

    @Test("who may use the method that a reference names reads the file, at the reference's site, and no one else")
    func references() async throws {
        let cabinet = try await FileCabinet.open()
        let bytes = FileBytes.make(600_000)
        let id = try await cabinet.put(bytes)
        let reviewer = try await cabinet.host.client(role: .reviewer, site: "t1")
        let doctor = try await cabinet.host.client(role: .doctor, site: "t1")
        let far = try await cabinet.host.client(role: .reviewer, site: "t2")
        #expect(
            try await cabinet.refusal("files.get", ["fileId": id], by: reviewer).reason == "host.notFound",
            "nothing references it yet")
        let paper = try await cabinet.attach(id)
        #expect(try await cabinet.whole(id, by: reviewer) == bytes)
        let state = try await reviewer.call("files.get", ["fileId": id])
        #expect(state["references"] == [["module": "folder", "purpose": "paper"]] && state["expiresAt"] == nil)
        #expect(try await cabinet.refusal("files.get", ["fileId": id], by: doctor).reason == "host.notFound")
        #expect(try await cabinet.refusal("files.get", ["fileId": id], by: far).reason == "host.notFound")
        let attaching = try await cabinet.refusal("folder.paper.attach", ["fileId": id], by: doctor)
        #expect(attaching.reason == "host.notFound", "who may not read it cannot attach it")
        #expect(try await cabinet.refusal("files.delete", ["fileId": id], by: reviewer).reason == "host.notFound")
        let through = try await reviewer.call("folder.paper.read", ["fileId": id])
        #expect(through["sm3"] == state["sm3"] && through["parts"] == 3)
        try await cabinet.nurse.call("folder.paper.detach", ["paperId": paper])
        #expect(try await cabinet.refusal("files.get", ["fileId": id], by: reviewer).reason == "host.notFound")
    }

    @Test("a referenced file cannot be deleted, by nobody; released it can")
    func held() async throws {
        let cabinet = try await FileCabinet.open()
        let id = try await cabinet.put([1, 2, 3])
        let first = try await cabinet.attach(id)
        let second = try await cabinet.attach(id)
        let admin = try await cabinet.host.client(role: .siteAdmin, site: "t1")
        for client in [cabinet.nurse, admin] {
            let refused = try await cabinet.refusal("files.delete", ["fileId": id], by: client)
            #expect(refused.reason == "host.fileReferenced")
            #expect(refused.details == [["module": "folder", "purpose": "paper"]])
        }
        try await cabinet.nurse.call("folder.paper.detach", ["paperId": first])
        #expect(try await cabinet.refusal("files.delete", ["fileId": id]).reason == "host.fileReferenced")
        try await cabinet.nurse.call("folder.paper.detach", ["paperId": second])
        #expect(try await cabinet.nurse.call("files.delete", ["fileId": id])["deleted"] == true)
        #expect(try cabinet.stored() == [["0", "0", "0", "0", "0"]])
        #expect(try await cabinet.refusal("files.delete", ["fileId": id]).reason == "host.notFound")
    }

    @Test("reads of personal data are audited with their basis, those of other files are not")
    func audited() async throws {
        let cabinet = try await FileCabinet.open()
        let plain = try await cabinet.put([1, 2, 3], name: "plain")
        let personal = try await cabinet.put([4, 5, 6], name: "personal")
        _ = try await cabinet.attach(plain)
        _ = try await cabinet.attach(personal, basis: "archive")
        let reviewer = try await cabinet.host.client(role: .reviewer, site: "t1")
        for id in [plain, personal] {
            _ = try await cabinet.whole(id, by: reviewer)
            try await reviewer.call("folder.paper.read", ["fileId": id])
        }
        _ = try await cabinet.whole(personal)
        let rows = try cabinet.host.sql(
            """
            SELECT method, account, notes::json->>'basis', notes::json->'subjects'->>0 FROM host.audit
            JOIN host.account USING (account_id)
            WHERE method IN ('files.read', 'folder.paper.read') ORDER BY seq
            """)
        let subject = personal.stringValue
        let wanted: [[String?]] =
            [
                ["files.read", reviewer.account], ["files.read", reviewer.account],
                ["folder.paper.read", reviewer.account],
            ]
            .map { $0 + ["archive", subject] }
            + [
                ["files.read", cabinet.nurse.account, "archive", subject],
                ["files.read", cabinet.nurse.account, "archive", subject],
            ]
        #expect(rows == wanted)
    }

    @Test("a module's role reaches neither the rows nor the content of files")
    func modulesOwnRole() async throws {
        let cabinet = try await FileCabinet.open()
        let id = try await cabinet.put([1, 2, 3])
        let object = try #require(try cabinet.host.sql("SELECT object FROM host.file")[0][0])
        for sql in [
            "SELECT * FROM host.file", "SELECT host.make_object()", "SELECT host.read_object(\(object), 0, 100)",
            "SELECT host.write_object(\(object), 0, 'AQID')", "SELECT lo_get(\(object))", "SELECT lo_unlink(\(object))",
        ] {
            let refused = try await cabinet.refusal("folder.content.touch", ["sql": .string(sql)])
            #expect(refused.reason == "host.internal", "\(sql)")
        }
        #expect(try await cabinet.whole(id) == [1, 2, 3])
    }

    @Test("a file that a method makes is there with its call, and gone with it")
    func made() async throws {
        let cabinet = try await FileCabinet.open()
        let failed = try await cabinet.refusal("folder.paper.make", ["bytes": 700_000, "title": "fail"])
        #expect(failed.reason == "host.internal")
        #expect(try cabinet.host.sql("SELECT count(*) FROM pg_largeobject_metadata") == [["0"]])
        #expect(try cabinet.stored()[0][1] == "0")
        let reply = try await cabinet.nurse.call("folder.paper.make", ["bytes": 700_000])
        let id = try #require(reply["paperId"])
        #expect(try await cabinet.whole(id) == FileBytes.make(700_000))
        let state = try await cabinet.nurse.call("files.get", ["fileId": id])
        #expect(state["sm3"] == reply["sm3"] && state["state"] == "finished" && state["name"] == "made.bin")
        #expect(try cabinet.stored() == [["1", "1", "1", "700000", "700000"]])
    }
}
