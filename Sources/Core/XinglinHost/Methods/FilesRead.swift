internal import XinglinCrypto
internal import XinglinKit

/// `files.read`: downloads a part of a file.
struct FilesRead: RPCMethod {
    struct Params: Codable, Sendable {
        var fileId: RecordID
        var offset: Int64
        var length: Int64
    }
    struct Reply: Codable, Sendable {
        var base64: String
        var bytes: Int64
    }

    static let name = "files.read"
    static let summary = """
        Gives a part of a finished file to who brought it, and to who may use a method that a reference names; reads of \
        personal data are audited with their basis.
        """
    static let effect = Effect.read
    static let access = Access.authenticated
    static let lane = Lane.batch
    static let params = Schema.object(
        .required("fileId", .id, "The file."),
        .required("offset", .integer(0...Int64.max), "Where the part begins."),
        .required(
            "length", .integer(1...Int64(FilesAppend.mostBytes)), "Its length, at most 512 KiB; less comes at the end.")
    )
    static let reply = Schema.object(
        .required("base64", .opaque(0...700_000), "The part, in Base64; empty at the end of the file."),
        .required("bytes", .integer(0...Int64.max), "The length of the whole file."))
    static let faults = [FileRefusal.state]
    static let examples = Examples<Params, Reply>(
        full: (
            Params(fileId: FileReply.exampleID, offset: 0, length: 524_288), Reply(base64: "5p2P5p6X", bytes: 6)
        ), minimal: (Params(fileId: FileReply.exampleID, offset: 6, length: 1), Reply(base64: "", bytes: 6)))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let found = try FileAccess(call).found(params.fileId, call.db)
        let file = found.file
        guard file.state == .finished else { throw FileRefusal.wrongState(file.state) }
        guard params.offset <= file.bytes else {
            throw Fault.invalid(
                "/offset", expected: "an offset within the \(file.bytes) bytes of the file",
                zh: "文件 \(file.bytes) 字节以内的位置")
        }
        if let basis = found.basis { call.recordAccess(basis: basis, subjects: [file.id]) }
        let end = min(file.bytes, params.offset + params.length)
        guard let object = file.object, params.offset < end else { return Reply(base64: "", bytes: file.bytes) }
        let content = FileContent(id: file.id, object: object, cipher: try call.hosted.services.cipher)
        let part = try content.bytes(params.offset..<end, of: file.bytes, call.db)
        return Reply(base64: Base64.encode(part), bytes: file.bytes)
    }
}
