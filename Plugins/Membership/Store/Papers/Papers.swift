internal import XinglinKit

/// Papers that decisions go back to: their scans are files of the host, referenced so that they stay.
enum Papers {
    static let purpose = "organization_paper"
    private static let basis = "partyArchive"

    /// The paper with what is known of its file; the SM3 given and the file's must agree.
    /// - Throws: `host.notFound`; `host.invalidParams` where the digests differ.
    static func keep(_ paper: PaperReference?, at pointer: String = "/document", _ call: Call) throws -> PaperReference
    {
        guard var paper else { return PaperReference() }
        paper.title = paper.title.map(PlainText.trimmed)
        guard let file = paper.fileId else { return paper }
        let info = try call.files.info(file)
        guard paper.sm3 == nil || paper.sm3 == info.sm3 else {
            throw Fault.invalid("\(pointer)/sm3", expected: "the SM3 of the file", zh: "与文件一致的 SM3 值")
        }
        paper.sm3 = info.sm3
        paper.title = paper.title ?? info.name
        return paper
    }

    /// Holds the file for a record of this module. Whoever may see organisations may read it.
    static func reference(
        _ paper: PaperReference, by purpose: String = Self.purpose, record: RecordID,
        readableBy: String = GetOrganization.name, _ call: Call
    ) throws {
        guard let file = paper.fileId else { return }
        try call.files.reference(file, by: purpose, record: record, readableBy: readableBy, basis: Self.basis)
    }
}
