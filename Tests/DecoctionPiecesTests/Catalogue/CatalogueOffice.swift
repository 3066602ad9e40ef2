import Foundation
import Testing
import XinglinCrypto
import XinglinHost
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

/// The bureau's administrator beside a township's pharmacy, for the tests of the catalogue.
struct CatalogueOffice {
    let pharmacy: Pharmacy
    let bureau: TestClient

    var host: TestHost { self.pharmacy.host }

    static func open() async throws -> CatalogueOffice {
        let pharmacy = try await Pharmacy.open()
        return CatalogueOffice(
            pharmacy: pharmacy, bureau: try await pharmacy.host.client(role: .siteAdmin, site: "county"))
    }

    @discardableResult
    func revise(_ code: String, _ changes: [String: String], by client: TestClient? = nil) async throws -> JSONValue {
        try await (client ?? self.bureau).call("decoction.piece.revise", Self.revision(code, changes))
    }

    static func revision(_ code: String, _ changes: [String: String]) -> JSONValue {
        [
            "code": .string(code), "changes": Self.changes(changes), "reason": "县药事会决议", "source": "测试依据",
        ]
    }

    static func changes(_ changes: [String: String]) -> JSONValue {
        .array(
            changes.sorted { $0.key < $1.key }.map { ["field": .string($0.key), "value": .string($0.value)] })
    }

    /// Adds a variant of a piece; gives the reply.
    func add(_ name: String, basedOn code: String, _ more: [String: String] = [:]) async throws -> JSONValue {
        let changes = more.merging(["nameZh": name, "pinyin": "ceshiyinpian", "initials": "CSYP"]) { one, _ in one }
        return try await self.bureau.call(
            "decoction.piece.add",
            ["basedOn": .string(code), "changes": Self.changes(changes), "reason": "临床需要"])
    }

    /// The fields of a piece as `decoction.piece.get` shows them.
    func fields(_ code: String, asOf day: String? = nil) async throws -> [String: String] {
        var params: [String: JSONValue] = ["code": .string(code)]
        params["asOf"] = day.map { .string($0) }
        let reply = try await self.bureau.call("decoction.piece.get", .object(params))
        return Dictionary(
            uniqueKeysWithValues: (reply["fields"]?.arrayValue ?? []).map {
                ($0["field"]?.stringValue ?? "", $0["value"]?.stringValue ?? "")
            })
    }

    func search(_ query: String) async throws -> [String] {
        let reply = try await self.pharmacy.pharmacist.call("decoction.piece.search", ["query": .string(query)])
        return (reply["pieces"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
    }

    // Files

    /// Exports a kind of file; gives its id and bytes.
    func export(_ kind: String = "decoction.catalogue") async throws -> (file: JSONValue, bytes: [UInt8]) {
        let begun = try await self.bureau.call("exports.begin", ["kind": .string(kind)])
        let id = try #require(begun["exportId"])
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let state = try await self.bureau.call("exports.get", ["exportId": id])
            if let file = state["fileId"], state["state"] == "done" { return (file, try await self.read(file)) }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NeverEnded()
    }

    struct NeverEnded: Error {}

    private func read(_ file: JSONValue) async throws -> [UInt8] {
        let size = try #require(try await self.bureau.call("files.get", ["fileId": file])["bytes"]?.integerValue)
        var bytes: [UInt8] = []
        while bytes.count < size {
            let part = try await self.bureau.call(
                "files.read", ["fileId": file, "offset": .integer(Int64(bytes.count)), "length": 262_144])
            let text = try #require(part["base64"]?.stringValue)
            bytes += [UInt8](try #require(Data(base64Encoded: text)))
        }
        return bytes
    }

    /// Uploads a file; gives its id.
    func upload(_ bytes: [UInt8]) async throws -> JSONValue {
        let begun = try await self.bureau.call(
            "files.begin",
            [
                "name": "目录.csv", "mediaType": "text/csv", "bytes": .integer(Int64(bytes.count)),
                "sm3": .string(try SM3.hex(bytes)),
            ])
        let id = try #require(begun["fileId"])
        for offset in stride(from: 0, to: bytes.count, by: 262_144) {
            let part = Data(bytes[offset..<min(bytes.count, offset + 262_144)]).base64EncodedString()
            try await self.bureau.call(
                "files.append", ["fileId": id, "offset": .integer(Int64(offset)), "base64": .string(part)])
        }
        try await self.bureau.call("files.finish", ["fileId": id])
        return id
    }

    /// Has an uploaded file checked, and applied all or nothing where it is to be; gives how the import ended.
    func importing(_ file: JSONValue, _ kind: String = "decoction.catalogue", apply: Bool = true) async throws
        -> JSONValue
    {
        let begun = try await self.bureau.call(
            "imports.begin", ["kind": .string(kind), "fileId": file])
        let id = try #require(begun["importId"])
        let checked = try await self.await(id, while: ["open"])
        guard apply, checked["state"] == "checked", checked["faulty"] == 0 else { return checked }
        try await self.bureau.call("imports.apply", ["importId": id, "mode": "allOrNothing"])
        return try await self.await(id, while: ["applying"])
    }

    private func await(_ id: JSONValue, while states: [JSONValue]) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let state = try await self.bureau.call("imports.get", ["importId": id])
            if !states.contains(state["state"] ?? .null) { return state }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NeverEnded()
    }

    func preview(_ file: JSONValue, _ kind: String = "decoction.catalogue") async throws -> JSONValue {
        try await self.bureau.call("\(kind).preview", ["fileId": file, "limit": 500])
    }
}
