internal import XinglinCrypto
internal import XinglinKit

/// `files.append`: uploads the next piece of a file.
struct FilesAppend: RPCMethod {
    struct Params: Codable, Sendable {
        var fileId: RecordID
        var offset: Int64
        var base64: String
    }
    struct Reply: Codable, Sendable {
        var fileId: RecordID
        var received: Int64
    }

    static let name = "files.append"
    static let summary = """
        Uploads a piece of a file that the caller began. What is there already and is the same is passed over, so a piece may \
        be sent again.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let lane = Lane.batch
    static let params = Schema.object(
        .required("fileId", .id, "A file that the caller began at the acting site."),
        .required("offset", .integer(0...Int64.max), "Where the piece begins in the file."),
        .required("base64", .opaque(4...Self.mostCharacters), "At most 512 KiB, in Base64 with padding (RFC 4648 §4)."))
    static let reply = Schema.object(
        .required("fileId", .id, "The file."),
        .required("received", .integer(0...Int64.max), "Bytes that are there now: the offset of the next piece."))
    static let faults = [FileRefusal.outOfOrder, FileRefusal.state]
    private static let example = (
        params: Params(fileId: FileReply.exampleID, offset: 524_288, base64: "5p2P5p6X"),
        reply: Reply(fileId: FileReply.exampleID, received: 524_294)
    )
    static let examples = Examples<Params, Reply>(full: example, minimal: example)

    /// Bytes of one piece.
    static let mostBytes = 524_288
    private static let mostCharacters = (mostBytes + 2) / 3 * 4

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard let piece = Base64.decode(params.base64) else {
            throw Fault.invalid(
                "/base64", expected: "Base64 with padding and nothing else (RFC 4648 §4)",
                zh: "带填充的 Base64 文本（RFC 4648 第 4 节），不含其他字符")
        }
        guard piece.count <= Self.mostBytes else {
            throw Fault.invalid("/base64", expected: "at most 512 KiB", zh: "至多 512 KiB")
        }
        let sql = FileStore.lock(params.fileId, site: try call.site.id, account: try call.caller.accountID)
        guard var file = try FileRecord.read(call.db.rows(sql)).first else { throw FileRefusal.notFound(params.fileId) }
        call.note("fileId", .string(file.id.description))
        guard params.offset <= file.bytes, Int64(piece.count) <= file.bytes - params.offset else {
            throw Fault.invalid(
                "/base64", expected: "no more than the \(file.bytes) bytes that were declared",
                zh: "不超过声明的 \(file.bytes) 字节")
        }
        guard params.offset <= file.received else { throw FileRefusal.goOn(at: file.received) }
        let cipher = try call.hosted.services.cipher
        let known = Int(min(Int64(piece.count), file.received - params.offset))
        if known > 0 { try self.compare(piece.prefix(known), file, at: params.offset, cipher, call) }
        let rest = Array(piece.dropFirst(known))
        if !rest.isEmpty { try self.append(rest, to: &file, cipher, call) }
        return Reply(fileId: file.id, received: file.received)
    }

    /// - Throws: `host.fileOutOfOrder` where other bytes are there.
    private func compare(
        _ piece: ArraySlice<UInt8>, _ file: FileRecord, at offset: Int64, _ cipher: FieldCipher, _ call: Call
    ) throws {
        guard let object = file.object else { throw FileRefusal.goOn(at: file.received) }
        let there = try FileContent(id: file.id, object: object, cipher: cipher)
            .bytes(offset..<offset + Int64(piece.count), of: file.received, call.db)
        guard there[...] == piece else { throw FileRefusal.goOn(at: file.received) }
    }

    private func append(_ bytes: [UInt8], to file: inout FileRecord, _ cipher: FieldCipher, _ call: Call) throws {
        guard file.state == .open, !file.sm3.isEmpty else { throw FileRefusal.wrongState(file.state) }
        if file.object == nil { file.object = try call.db.first(FileStore.makeObject(file.id), as: Int64.self) }
        guard let object = file.object else { throw FileRefusal.notFound(file.id) }
        try call.hosted.willSeal()
        try FileContent(id: file.id, object: object, cipher: cipher).append(bytes, at: file.received, call.db)
        file.received += Int64(bytes.count)
        try call.db.execute(FileStore.received(file.id, upTo: file.received, at: call.now), expecting: .rows(1))
    }
}
