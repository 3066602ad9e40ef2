internal import XinglinKit

/// Where an import's lines come from: the caller uploads them one after another, or they lie in a file of the host.
struct ImportSource {
    let name: String
    /// The file's first line.
    let header: String
    let sm3: String
    let form: ImportForm
    /// The file, and where its second line begins.
    var file: (id: RecordID, offset: Int64)?

    /// What is looked at of a file for its first line.
    private static let headerBytes: Int64 = 65_536

    /// - Throws: `host.notFound`, `host.fileState`, `host.importFileMalformed`, `host.invalidParams`.
    init(_ params: ImportsBegin.Params, _ call: Call) throws {
        let digest = (params.sm3 ?? "").lowercased()
        guard digest.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            throw Fault.invalid("/sm3", expected: "64 hexadecimal digits", zh: "64 位十六进制数字")
        }
        guard let id = params.fileId else {
            guard let name = params.name else {
                throw Fault.invalid("/name", expected: "the file's name, or fileId", zh: "文件名，或给出 fileId")
            }
            guard let header = params.header else {
                throw Fault.invalid("/header", expected: "the file's first line, or fileId", zh: "文件的第一行，或给出 fileId")
            }
            (self.name, self.header, self.sm3, self.form) = (name, header, digest, ImportForm(header: header))
            return
        }
        guard params.header == nil else {
            throw Fault.invalid("/header", expected: "nothing beside fileId", zh: "给出 fileId 时不应填写")
        }
        let found = try FileAccess(call).found(id, call.db)
        let file = found.file
        guard file.state == .finished else { throw FileRefusal.wrongState(file.state) }
        guard digest.isEmpty || digest == file.sm3 else {
            throw Fault.invalid("/sm3", expected: "the SM3 of the file", zh: "该文件的 SM3")
        }
        if let basis = found.basis { call.recordAccess(basis: basis, subjects: [file.id]) }
        let end = min(file.bytes, Self.headerBytes)
        var bytes: [UInt8] = []
        if let object = file.object {
            bytes = try FileContent(id: id, object: object, cipher: call.hosted.services.cipher)
                .bytes(0..<end, of: file.bytes, call.db)
        }
        let isEnd = end == file.bytes
        let form = try ImportForm(of: bytes, isEnd: isEnd)
        let first = try ImportFileText.take(bytes, firstLine: 0, isEnd: isEnd, form, most: 1)
        guard let first, first.text.contains(where: { !$0.isWhitespace }) else {
            throw ImportRefusal.malformed(
                line: 0, .init(zh: "文件是空的，或没有表头", en: "the file is empty, or has no header"))
        }
        (self.name, self.header, self.sm3, self.form) = (params.name ?? file.name, first.text, file.sm3, form)
        self.file = (id, Int64(first.bytes))
    }
}
