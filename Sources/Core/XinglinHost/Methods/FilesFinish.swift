internal import XinglinCrypto
internal import XinglinKit

/// `files.finish`: the upload is complete.
struct FilesFinish: RPCMethod {
    static let name = "files.finish"
    static let summary = """
        Says that a file is uploaded: the host reads it from beginning to end and compares length and SM3. After host.deadline \
        call it again: it goes on where it stopped.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let lane = Lane.batch
    static let params = Schema.object(.required("fileId", .id, "A file that the caller began at the acting site."))
    static let reply = FileReply.schema
    static let faults = [FileRefusal.outOfOrder, FileRefusal.mismatch, FileRefusal.state]
    static let examples = Examples<FileParams, FileReply>(
        full: (.example, .fullExample), minimal: (.example, .fullExample))

    func handle(_ params: FileParams, _ call: Call) throws -> FileReply {
        let sql = FileStore.lock(params.fileId, site: try call.site.id, account: try call.caller.accountID)
        guard var file = try FileRecord.read(call.db.rows(sql)).first else { throw FileRefusal.notFound(params.fileId) }
        call.note("fileId", .string(file.id.description))
        let services = try call.hosted.services
        if file.state == .open {
            // The host writes it itself.
            guard !file.sm3.isEmpty else { throw FileRefusal.wrongState(.open) }
            guard file.received == file.bytes else { throw FileRefusal.goOn(at: file.received) }
            guard try self.digest(of: file, services, call) == file.sm3 else { throw FileRefusal.mismatch.fault() }
            try call.db.execute(FileStore.finish(file.id, sm3: file.sm3, at: call.now), expecting: .rows(1))
            file.state = .finished
            file.finishedAt = call.now
            file.usedAt = call.now
        }
        let references = try FileReferenceStore.read(call.db.rows(FileReferenceStore.of([file.id])))
        return FileReply(file, references: references, services)
    }

    /// Takes the digest of what is stored, and not of what came: so that what is finished can be read.
    private func digest(of file: FileRecord, _ services: HostServices, _ call: Call) throws -> String {
        let progress = try services.fileDigests.take(file.id)
        if let object = file.object {
            let content = FileContent(id: file.id, object: object, cipher: services.cipher)
            do {
                try content.each(from: progress.offset, of: file.bytes, call.db) { part in
                    try progress.digest.add(part)
                    progress.offset += Int64(part.count)
                }
            } catch {
                services.fileDigests.keep(progress, for: file.id)
                throw error
            }
        }
        return try progress.digest.finish()
    }
}
