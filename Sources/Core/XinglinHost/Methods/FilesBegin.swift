internal import XinglinKit

/// `files.begin`: starts an upload, or goes on with it.
struct FilesBegin: RPCMethod {
    struct Params: Codable, Sendable {
        var name: String
        var mediaType: String
        var bytes: Int64
        var sm3: String
    }
    struct Reply: Codable, Sendable {
        var fileId: RecordID
        var received: Int64
        var state: FileState
        var resumed: Bool
    }

    static let name = "files.begin"
    static let summary = """
        Begins the upload of a file; begun again by the same account at the same site with the same name, type, length and SM3 \
        it is the same file, and goes on where it stopped.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = Schema.object(
        .required("name", .text(1...200), "The file's name. It is not encrypted: name no person in it."),
        .required("mediaType", .opaque(3...100), "Its media type, such as application/pdf or text/csv; charset=utf-8."),
        .required("bytes", .integer(0...Int64.max), "Its length; at most the setting files.largestMegabytes."),
        .required("sm3", .code(64...64), "SM3 of the whole file, 64 hexadecimal digits; files.finish compares it."))
    static let reply = Schema.object(
        .required("fileId", .id, "The file."),
        .required("received", .integer(0...Int64.max), "Bytes that are there: the offset to go on at."),
        .required("state", .enumeration(FileState.allCases.map(\.rawValue)), "finished where the site has it already."),
        .required("resumed", .boolean, "Whether the caller had begun it before."))
    static let faults = [FileRefusal.quota]
    private static let example = Params(
        name: "report.pdf", mediaType: "application/pdf", bytes: 1_048_576, sm3: FileReply.exampleDigest)
    static let examples = Examples<Params, Reply>(
        full: (example, Reply(fileId: FileReply.exampleID, received: 524_288, state: .open, resumed: true)),
        minimal: (example, Reply(fileId: FileReply.exampleID, received: 0, state: .open, resumed: false)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard MediaType.isGood(params.mediaType) else {
            throw Fault.invalid(
                "/mediaType", expected: "a media type such as application/pdf", zh: "媒体类型，例如 application/pdf")
        }
        let digest = params.sm3.lowercased()
        guard digest.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            throw Fault.invalid("/sm3", expected: "64 hexadecimal digits", zh: "64 位十六进制数字")
        }
        let quota = FileQuota(settings: try call.hosted.services.settings.files)
        try quota.checkSize(params.bytes)
        var new = FileRecord.made(
            call.newID(), site: try call.site.id, account: try call.caller.accountID, name: params.name,
            mediaType: params.mediaType, basis: nil, at: call.now)
        new.bytes = params.bytes
        new.sm3 = digest
        let known = try FileRecord.read(call.db.rows(FileStore.same(as: new))).first
        let file = try known ?? self.begin(new, quota, call)
        call.note("fileId", .string(file.id.description))
        return Reply(fileId: file.id, received: file.received, state: file.state, resumed: file.id != new.id)
    }

    private func begin(_ new: FileRecord, _ quota: FileQuota, _ call: Call) throws -> FileRecord {
        guard try call.db.execute(FileStore.begin(new)) == 1 else {
            // The same upload was begun in this very moment.
            guard let other = try FileRecord.read(call.db.rows(FileStore.same(as: new))).first else {
                throw HostFault.conflict.fault()
            }
            return other
        }
        try quota.take(new.bytes, files: 1, at: new.site, call.db)
        try quota.checkOpen(of: call.caller.accountID, at: new.site, call.db)
        return new
    }
}

/// The form of a media type (RFC 6838), with parameters or without.
enum MediaType {
    static func isGood(_ text: String) -> Bool {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard let names = parts.first?.split(separator: "/", omittingEmptySubsequences: false), names.count == 2,
            names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isNameByte) })
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            part.contains("=") && part.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$&^_.+-".utf8.contains(byte)
        }
    }
}
