internal import XinglinKit

/// `files.get`: what is known of a file.
struct FilesGet: RPCMethod {
    static let name = "files.get"
    static let summary = "Says how a file stands: its state, and how much of it is there, which is where to go on."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object(.required("fileId", .id, "A file that the caller may read."))
    static let reply = FileReply.schema
    static let examples = Examples<FileParams, FileReply>(
        full: (.example, .fullExample), minimal: (.example, .example))

    func handle(_ params: FileParams, _ call: Call) throws -> FileReply {
        let found = try FileAccess(call).found(params.fileId, call.db)
        return FileReply(found.file, references: found.references, try call.hosted.services)
    }
}
