import XinglinCrypto
import XinglinKit

/// A module for the tests of files: papers of a site, each with a file.
struct FolderModule: FeatureModule {
    static let manifest = ModuleManifest(
        code: "folder", version: "1", summary: .init(zh: "卷宗", en: "Folders"),
        migrations: [
            Migration(
                "m0001_create",
                Array(
                    """
                    CREATE TABLE folder.paper (
                        paper_id uuid PRIMARY KEY, site_id uuid NOT NULL, file_id uuid NOT NULL, title text NOT NULL);
                    ALTER TABLE folder.paper ENABLE ROW LEVEL SECURITY;
                    ALTER TABLE folder.paper FORCE ROW LEVEL SECURITY;
                    CREATE POLICY paper_site ON folder.paper
                        USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
                    """.utf8))
        ],
        tables: [.perSite("paper")])

    init(_ boot: Boot) throws {}
    var methods: [any RPCMethod] { [AttachPaper(), DetachPaper(), MakePaper(), ReadPaper(), TouchContent()] }
    var exports: [any BulkExport] { [PaperExport(), SecretExport()] }
}

struct PaperParams: Codable, Sendable {
    var fileId: RecordID?
    var paperId: RecordID?
    var title: String?
    var basis: String?
    var bytes: Int64?

    static let schema = Schema.object(
        .optional("fileId", .id, "The file."), .optional("paperId", .id, "The paper."),
        .optional("title", .text(1...100), "Its title."), .optional("basis", .code(1...40), "Why it is personal."),
        .optional("bytes", .integer(0...1_000_000_000), "How long a file to make."))
    static let example = PaperParams(fileId: RecordID(high: 1, low: 1))
}

struct PaperReply: Codable, Sendable {
    var paperId: RecordID
    var sm3: String
    var parts: Int64

    static let schema = Schema.object(
        .required("paperId", .id, "The paper, or the file made."),
        .required("sm3", .opaque(0...64), "SM3 of the file."),
        .required("parts", .integer(0...1_000_000), "How many parts it came in."))
    static let example = PaperReply(paperId: RecordID(high: 1, low: 1), sm3: "", parts: 0)
}

/// Keeps a paper with a file.
struct AttachPaper: RPCMethod {
    static let name = "folder.paper.attach"
    static let summary = "Keeps a paper with a file."
    static let effect = Effect.write
    static let access = Access.roles([.nurse, .doctor, .pharmacist])
    static let params = PaperParams.schema
    static let reply = PaperReply.schema
    static let examples = Examples<PaperParams, PaperReply>(
        full: (.example, .example), minimal: (.example, .example))

    func handle(_ params: PaperParams, _ call: Call) throws -> PaperReply {
        guard let file = params.fileId else { throw HostFault.notFound.fault() }
        let paper = call.newID()
        let info = try call.files.info(file)
        try call.db.execute(
            """
            INSERT INTO folder.paper (paper_id, site_id, file_id, title)
            VALUES (\(paper), \(call.site.id), \(file), \(params.title ?? "paper"))
            """, expecting: .rows(1))
        try call.files.reference(
            file, by: "paper", record: paper, readableBy: ReadPaper.name, basis: params.basis)
        return PaperReply(paperId: paper, sm3: info.sm3, parts: 0)
    }
}

/// Gives a paper up.
struct DetachPaper: RPCMethod {
    static let name = "folder.paper.detach"
    static let summary = "Gives a paper up."
    static let effect = Effect.write
    static let access = AttachPaper.access
    static let params = PaperParams.schema
    static let reply = PaperReply.schema
    static let examples = AttachPaper.examples

    func handle(_ params: PaperParams, _ call: Call) throws -> PaperReply {
        guard let paper = params.paperId else { throw HostFault.notFound.fault() }
        let file = try call.db.first(
            "DELETE FROM folder.paper WHERE paper_id = \(paper) RETURNING file_id", as: RecordID.self)
        guard let file else { throw HostFault.notFound.fault() }
        try call.files.release(file, by: "paper", record: paper)
        return PaperReply(paperId: paper, sm3: "", parts: 0)
    }
}

/// Makes a file of so many bytes, and fails afterwards where the title says so.
struct MakePaper: RPCMethod {
    struct Failure: Error {}
    static let name = "folder.paper.make"
    static let summary = "Makes a file."
    static let effect = Effect.write
    static let access = AttachPaper.access
    static let params = PaperParams.schema
    static let reply = PaperReply.schema
    static let examples = AttachPaper.examples

    func handle(_ params: PaperParams, _ call: Call) throws -> PaperReply {
        let total = Int(params.bytes ?? 0)
        let file = try call.files.create(
            name: "made.bin", mediaType: "application/octet-stream", basis: params.basis
        ) { writer in
            var place = 0
            while place < total {
                let count = min(100_000, total - place)
                try writer.write(FileBytes.make(count, from: place))
                place += count
            }
        }
        if params.title == "fail" { throw Failure() }
        return PaperReply(paperId: file.id, sm3: file.sm3, parts: 0)
    }
}

/// Reads a file through the module.
struct ReadPaper: RPCMethod {
    static let name = "folder.paper.read"
    static let summary = "Reads a file."
    static let effect = Effect.read
    static let access = Access.roles([.reviewer, .nurse])
    static let params = PaperParams.schema
    static let reply = PaperReply.schema
    static let examples = AttachPaper.examples

    func handle(_ params: PaperParams, _ call: Call) throws -> PaperReply {
        guard let file = params.fileId else { throw HostFault.notFound.fault() }
        let digest = try SM3Stream()
        var parts: Int64 = 0
        try call.files.read(file) { part in
            try digest.add(part)
            parts += 1
            // The module's own statements go on under its own role.
            _ = try call.db.rows("SELECT count(*) FROM folder.paper")
        }
        return PaperReply(paperId: file, sm3: try digest.finish(), parts: parts)
    }
}

/// Tries to reach content past the host.
struct TouchContent: RPCMethod {
    static let name = "folder.content.touch"
    static let summary = "Tries to reach the content of files past the host."
    static let effect = Effect.write
    static let access = Access.roles([.nurse])
    static let params = Schema.object(.required("sql", .text(1...500), "What to run."))
    static let reply = Schema.object()
    static let examples = Examples<Params, Empty>(
        full: (Params(sql: "SELECT 1"), Empty()), minimal: (Params(sql: "SELECT 1"), Empty()))
    struct Params: Codable, Sendable { var sql: String }

    func handle(_ params: Params, _ call: Call) throws -> Empty {
        _ = try call.db.rows(SQL(stringLiteral: params.sql))
        return Empty()
    }
}

/// The papers of a site.
struct PaperExport: BulkExport {
    static let kind = "folder.papers"
    static let summary = LocalizedText(zh: "卷宗目录", en: "Papers")
    static let access = Access.roles([.nurse])
    static let columns = [
        ExportColumn("title", .init(zh: "题名", en: "Title")), ExportColumn("note", .init(zh: "备注", en: "Note")),
    ]
    static let params = Schema.object(.optional("prefix", .text(1...20), "Only titles that begin so."))

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        let prefix = params["prefix"]?.stringValue ?? ""
        let after = last?.first.flatMap { RecordID($0) } ?? RecordID(high: 0, low: 0)
        let rows: [(RecordID, String)] = try call.db.query(
            """
            SELECT paper_id, title FROM folder.paper
            WHERE paper_id > \(after) AND starts_with(title, \(prefix)) ORDER BY paper_id LIMIT 10
            """)
        return ExportPage(
            lines: rows.map { [$0.1, nil] }, subjects: rows.map(\.0),
            next: rows.count < 10 ? nil : rows.last.map { [$0.0.description] })
    }
}

/// The same as personal data.
struct SecretExport: BulkExport {
    static let kind = "folder.secrets"
    static let summary = LocalizedText(zh: "密件", en: "Secrets")
    static let access = Access.roles([.nurse])
    static let columns = PaperExport.columns
    static let basis: String? = "archive"

    func page(after last: [String]?, params: JSONValue, _ call: Call) throws -> ExportPage {
        try PaperExport().page(after: last, params: params, call)
    }
}

/// Content for files, told by its place.
enum FileBytes {
    static func make(_ count: Int, from start: Int = 0) -> [UInt8] {
        (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    }
}
