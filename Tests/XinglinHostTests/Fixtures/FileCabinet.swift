import Foundation
import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

/// A host with the folders' module, and what the tests of files do to it.
struct FileCabinet {
    let host: TestHost
    let nurse: TestClient

    static func open(_ configure: (inout HostSettings) -> Void = { _ in }) async throws -> FileCabinet {
        let host = try await TestHost.start(FolderModule.self, configure: configure)
        return FileCabinet(host: host, nurse: try await host.client(role: .nurse, site: "t1"))
    }

    static func params(
        _ bytes: [UInt8], name: String = "paper.bin", sm3: String? = nil, type: String = "application/octet-stream"
    ) throws -> JSONValue {
        [
            "name": .string(name), "mediaType": .string(type), "bytes": .integer(Int64(bytes.count)),
            "sm3": .string(try sm3 ?? SM3.hex(bytes)),
        ]
    }

    func begin(_ bytes: [UInt8], name: String = "paper.bin", by client: TestClient? = nil) async throws -> JSONValue {
        try #require(
            try await (client ?? self.nurse).call("files.begin", Self.params(bytes, name: name))["fileId"])
    }

    @discardableResult
    func append(_ id: JSONValue, _ bytes: some Sequence<UInt8>, at offset: Int, by client: TestClient? = nil)
        async throws -> Int64
    {
        let reply = try await (client ?? self.nurse).call(
            "files.append",
            ["fileId": id, "offset": .integer(Int64(offset)), "base64": .string(Base64.encode(Array(bytes)))])
        return reply["received"]?.integerValue ?? -1
    }

    /// Uploads a file in pieces of that length and finishes it.
    func put(
        _ bytes: [UInt8], name: String = "paper.bin", piece: Int = 300_000, by client: TestClient? = nil
    ) async throws -> JSONValue {
        let id = try await self.begin(bytes, name: name, by: client)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try await self.append(id, bytes[start..<min(bytes.count, start + piece)], at: start, by: client)
        }
        let reply = try await (client ?? self.nurse).call("files.finish", ["fileId": id], deadlineMs: 60_000)
        #expect(reply["state"] == "finished")
        return id
    }

    func read(_ id: JSONValue, _ offset: Int, _ length: Int, by client: TestClient? = nil) async throws -> [UInt8] {
        let reply = try await (client ?? self.nurse).call(
            "files.read",
            ["fileId": id, "offset": .integer(Int64(offset)), "length": .integer(Int64(length))])
        return try #require(reply["base64"]?.stringValue.flatMap { Base64.decode($0) })
    }

    /// The whole file.
    func whole(_ id: JSONValue, by client: TestClient? = nil) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part = try await self.read(id, bytes.count, 524_288, by: client)
            if part.isEmpty { return bytes }
            bytes += part
        }
    }

    func attach(_ id: JSONValue, basis: String? = nil, by client: TestClient? = nil) async throws -> JSONValue {
        var params: [String: JSONValue] = ["fileId": id]
        params["basis"] = basis.map { .string($0) }
        return try #require(
            try await (client ?? self.nurse).call("folder.paper.attach", .object(params))["paperId"])
    }

    func refusal(_ method: String, _ params: JSONValue, by client: TestClient? = nil) async throws -> CallRefused {
        try #require(
            await XinglinHostTests.refusal { _ = try await (client ?? self.nurse).call(method, params) })
    }

    /// Large objects, rows, and what is counted of the site.
    func stored() throws -> [[String?]] {
        try self.host.sql(
            """
            SELECT (SELECT count(*) FROM pg_largeobject_metadata l
                WHERE EXISTS (SELECT FROM host.file WHERE object = l.oid)), (SELECT count(*) FROM host.file),
                coalesce((SELECT sum(files) FROM host.file_usage), 0), coalesce((SELECT sum(bytes) FROM host.file_usage), 0),
                (SELECT coalesce(sum(bytes), 0) FROM host.file)
            """)
    }
}
