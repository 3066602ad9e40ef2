import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

@Suite("Uploading files")
struct FileUploadTests {
    @Test("what was uploaded in any pieces is read back byte for byte, from any place")
    func roundTrip() async throws {
        let cabinet = try await FileCabinet.open()
        var random = SystemRandomNumberGenerator()
        for (size, piece) in [(0, 1), (1, 1), (262_144, 524_288), (262_145, 131_072), (900_001, 77_777)] {
            let bytes = FileBytes.make(size, from: size)
            let id = try await cabinet.put(bytes, name: "n\(size).bin", piece: piece)
            #expect(try await cabinet.whole(id) == bytes, "\(size) bytes in pieces of \(piece)")
            for _ in 0..<5 where size > 1 {
                let from = Int.random(in: 0..<size, using: &random)
                let length = Int.random(in: 1...300_000, using: &random)
                let part = try await cabinet.read(id, from, length)
                #expect(part == Array(bytes[from..<min(size, from + length)]), "\(from), \(length) of \(size)")
            }
        }
    }

    @Test("content lies sealed in large objects, and in no row")
    func sealed() async throws {
        let cabinet = try await FileCabinet.open()
        let text = Array(String(repeating: "测试内容 plain text of nobody ", count: 2000).utf8)
        _ = try await cabinet.put(text)
        let found = try cabinet.host.sql(
            """
            SELECT count(*) FROM pg_largeobject WHERE position('plain text'::bytea IN data) > 0
            UNION ALL SELECT count(*) FROM pg_largeobject
            UNION ALL SELECT count(*) FROM pg_largeobject_metadata WHERE lomowner = 'xinglin_owner'::regrole
            """)
        #expect(found[0] == ["0"] && found[1] != ["0"] && found[2] != ["0"])
        #expect(try cabinet.host.sql("SELECT max(pg_column_size(file.*)) < 1000 FROM host.file") == [["t"]])
    }

    @Test("a piece sent again changes nothing; a gap, other bytes and too much are refused, with where to go on")
    func order() async throws {
        let cabinet = try await FileCabinet.open()
        let bytes = FileBytes.make(1000)
        let id = try await cabinet.begin(bytes)
        func piece(_ offset: Int, _ part: [UInt8]) -> JSONValue {
            ["fileId": id, "offset": .integer(Int64(offset)), "base64": .string(Base64.encode(part))]
        }
        let gap = try await cabinet.refusal("files.append", piece(10, Array(bytes[10..<20])))
        #expect(gap.reason == "host.fileOutOfOrder" && gap.code == -32013 && gap.details?["offset"] == 0)
        #expect(try await cabinet.append(id, bytes[0..<400], at: 0) == 400)
        #expect(try await cabinet.append(id, bytes[0..<400], at: 0) == 400)
        #expect(try await cabinet.append(id, bytes[100..<200], at: 100) == 400)
        #expect(try await cabinet.append(id, bytes[300..<500], at: 300) == 500, "what is new of it is taken")
        let other = try await cabinet.refusal("files.append", piece(300, [UInt8](repeating: 7, count: 300)))
        #expect(other.reason == "host.fileOutOfOrder" && other.details?["offset"] == 500)
        let early = try await cabinet.refusal("files.finish", ["fileId": id])
        #expect(early.reason == "host.fileOutOfOrder" && early.details?["offset"] == 500)
        let long = try await cabinet.refusal("files.append", piece(500, [UInt8](repeating: 1, count: 501)))
        #expect(long.reason == "host.invalidParams" && long.details?[0]?["pointer"] == "/base64")
        let reading = try await cabinet.refusal("files.read", ["fileId": id, "offset": 0, "length": 1])
        #expect(reading.reason == "host.fileState" && reading.details?["state"] == "open")
        let state = try await cabinet.nurse.call("files.get", ["fileId": id])
        #expect(state["received"] == 500 && state["bytes"] == 1000 && state["state"] == "open" && state["site"] == "t1")
        try await cabinet.append(id, bytes[500...], at: 500)
        try await cabinet.nurse.call("files.finish", ["fileId": id])
        #expect(try await cabinet.nurse.call("files.finish", ["fileId": id])["state"] == "finished", "again")
        #expect(try await cabinet.append(id, bytes[500...], at: 500) == 1000, "the same bytes, again")
        #expect(try await cabinet.whole(id) == bytes)
    }

    @Test(
        "begun again by the same account it is the same file; by another account, at another site or under another name not"
    )
    func resumed() async throws {
        let cabinet = try await FileCabinet.open()
        let bytes = FileBytes.make(600)
        let params = try FileCabinet.params(bytes)
        let first = try await cabinet.nurse.call("files.begin", params)
        #expect(first["received"] == 0 && first["resumed"] == false && first["state"] == "open")
        let id = try #require(first["fileId"])
        try await cabinet.append(id, bytes[0..<200], at: 0)
        let again = try await cabinet.nurse.call("files.begin", params)
        #expect(again["fileId"] == id && again["received"] == 200 && again["resumed"] == true)
        let other = try await cabinet.host.client(role: .nurse, site: "t1")
        #expect(try await other.call("files.begin", params)["fileId"] != id, "its content is nobody else's")
        #expect(try await cabinet.nurse.call("files.begin", FileCabinet.params(bytes, name: "b"))["fileId"] != id)
        try await cabinet.append(id, bytes[200...], at: 200)
        try await cabinet.nurse.call("files.finish", ["fileId": id])
        let done = try await cabinet.nurse.call("files.begin", params)
        #expect(done["fileId"] == id && done["state"] == "finished" && done["received"] == 600)
        #expect(try cabinet.stored()[0][1] == "3")
    }

    @Test("what does not have the declared SM3 is not finished, and can be deleted and uploaded anew")
    func mismatch() async throws {
        let cabinet = try await FileCabinet.open()
        let bytes = FileBytes.make(700)
        let params = try FileCabinet.params(bytes, sm3: SM3.hex(FileBytes.make(700, from: 1)))
        let id = try #require(try await cabinet.nurse.call("files.begin", params)["fileId"])
        try await cabinet.append(id, bytes, at: 0)
        for _ in 0..<2 {
            let refused = try await cabinet.refusal("files.finish", ["fileId": id])
            #expect(refused.reason == "host.fileMismatch" && refused.details == nil)
        }
        #expect(try await cabinet.nurse.call("files.delete", ["fileId": id])["deleted"] == true)
        #expect(try cabinet.stored() == [["0", "0", "0", "0", "0"]])
        #expect(try cabinet.host.sql("SELECT count(*) FROM pg_largeobject_metadata") == [["0"]])
    }

    @Test(
        "bad input is refused at the edge with the field named",
        arguments: [
            ("mediaType", "pdf", "/mediaType"), ("mediaType", "a/b\u{4E2D}", "/mediaType"),
            ("mediaType", "text/csv; x", "/mediaType"),
            ("sm3", String(repeating: "g", count: 64), "/sm3"), ("sm3", "12", "/sm3"), ("name", " ", "/name"),
        ])
    func edges(field: String, value: String, pointer: String) async throws {
        let cabinet = try await FileCabinet.open()
        guard case .object(var params) = try FileCabinet.params([1]) else { return }
        params[field] = .string(value)
        let refused = try await cabinet.refusal("files.begin", .object(params))
        #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == .string(pointer))
    }

    @Test("Base64 is taken strictly, and numbers within their range")
    func strictness() async throws {
        let cabinet = try await FileCabinet.open()
        let id = try await cabinet.begin(FileBytes.make(100))
        for text in ["QUJD\n", "QUJ", "QUJDRA", "QUI=QUI=", "QUJ!", "QUL=", " QUJD"] {
            let refused = try await cabinet.refusal(
                "files.append", ["fileId": id, "offset": 0, "base64": .string(text)])
            #expect(refused.reason == "host.invalidParams" && refused.details?[0]?["pointer"] == "/base64", "\(text)")
        }
        for (field, value) in [("offset", -1), ("length", 0), ("length", 524_289)] as [(String, Int64)] {
            var params: [String: JSONValue] = ["fileId": id, "offset": 0, "length": 1]
            params[field] = .integer(value)
            let refused = try await cabinet.refusal("files.read", .object(params))
            #expect(refused.details?[0]?["pointer"] == .string("/\(field)"))
        }
        let negative = try await cabinet.refusal(
            "files.begin",
            ["name": "a", "mediaType": "a/b", "bytes": -1, "sm3": .string(String(repeating: "0", count: 64))])
        #expect(negative.details?[0]?["pointer"] == "/bytes")
        let file = try await cabinet.put([1, 2, 3], name: "short")
        let beyond = try await cabinet.refusal("files.read", ["fileId": file, "offset": 4, "length": 1])
        #expect(beyond.details?[0]?["pointer"] == "/offset")
        #expect(try await cabinet.read(file, 3, 1).isEmpty)
    }
}
