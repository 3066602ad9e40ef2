internal import XinglinKit

/// `files.delete`: deletes a file that nothing references.
struct FilesDelete: RPCMethod {
    struct Reply: Codable, Sendable {
        var fileId: RecordID
        var deleted: Bool
    }

    static let name = "files.delete"
    static let summary = """
        Deletes a file that the caller brought, finished or not; administrators of the site may delete everybody's. While a \
        record references it nobody can.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = Schema.object(.required("fileId", .id, "A file of the acting site."))
    static let reply = Schema.object(
        .required("fileId", .id, "The file."), .required("deleted", .boolean, "true: it is gone."))
    static let faults = [FileRefusal.referenced]
    private static let example = Reply(fileId: FileReply.exampleID, deleted: true)
    static let examples = Examples<FileParams, Reply>(full: (.example, example), minimal: (.example, example))

    func handle(_ params: FileParams, _ call: Call) throws -> Reply {
        let site = try call.site
        let file = try FileRecord.read(call.db.rows(FileStore.get(params.fileId))).first
        guard let file, file.site == site.id, try self.mayDelete(file, call) else {
            throw FileRefusal.notFound(params.fileId)
        }
        call.note("fileId", .string(file.id.description))
        let references = try FileReferenceStore.read(call.db.rows(FileReferenceStore.of([file.id])))
        guard references.isEmpty else { throw Self.refusal(references) }
        guard try call.db.rows(Self.readers(file.id)).isEmpty else { throw Self.beingImported }
        do {
            try call.db.execute(
                FileStore.delete(file.id), expecting: .rows(1), otherwise: FileRefusal.notFound(file.id))
        } catch let error as DatabaseError
            where [HostFiles.constraint, Self.importing].contains(error.constraint ?? "")
        {
            // Somebody referenced it in this very moment, or it is being imported.
            throw error.constraint == Self.importing ? Self.beingImported : FileRefusal.referenced.fault()
        }
        return Reply(fileId: file.id, deleted: true)
    }

    /// The foreign key of an import that is still to read the file.
    private static let importing = "file_being_imported"

    private static var beingImported: Fault {
        FileRefusal.referenced.fault([["module": "host", "purpose": "import"]])
    }

    private static func readers(_ id: RecordID) -> SQL {
        "SELECT FROM host.import WHERE unread_file_id = \(id) LIMIT 1"
    }

    private func mayDelete(_ file: FileRecord, _ call: Call) throws -> Bool {
        if file.account == (try call.caller.accountID) { return true }
        do {
            try Administration(call).require(at: file.site)
            return true
        } catch let fault as Fault where fault.kind == HostFault.forbidden {
            return false
        }
    }

    private static func refusal(_ references: [FileReferenceStore.Row]) -> Fault {
        let holders = Set(references.map { FileReply.Reference(module: $0.module, purpose: $0.purpose) })
        return FileRefusal.referenced.fault(
            .array(
                holders.sorted { ($0.module, $0.purpose) < ($1.module, $1.purpose) }.map {
                    ["module": .string($0.module), "purpose": .string($0.purpose)]
                }))
    }
}
