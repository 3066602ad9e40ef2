internal import XinglinKit

/// `imports.append`: uploads further lines of a file, which are checked at once.
struct ImportsAppend: RPCMethod {
    struct Params: Codable, Sendable {
        var importId: RecordID
        var fromLine: Int64
        var csv: String
    }
    struct Reply: Codable, Sendable {
        var nextLine: Int64
        var good: Int64
        var faulty: Int64
    }

    static let name = "imports.append"
    static let summary = """
        Uploads whole lines of a file and checks them; lines that are there already are passed over, so a piece may be sent again.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let lane = Lane.batch
    static let params = Schema.object(
        .required("importId", .id, "An import that the caller began."),
        .required("fromLine", .integer(1...Int64.max), "The number of the first line; the line after the header is 1."),
        .required(
            "csv", .opaque(1...ImportText.mostBytes),
            "Whole lines in the file's own form (RFC 4180), at most 512 KiB in UTF-8. A line break in quotation marks ends no line."
        ))
    static let reply = Schema.object(
        .required("nextLine", .integer(1...Int64.max), "The number of the next line to upload."),
        .required("good", .integer(0...Int64.max), "Lines of the import without fault so far."),
        .required("faulty", .integer(0...Int64.max), "Lines of the import with faults so far."))
    static let faults = [ImportRefusal.fileMalformed, ImportRefusal.outOfOrder, ImportRefusal.state]
    private static let example = (
        params: Params(importId: ImportReply.exampleID, fromLine: 1, csv: "XLYP0001,20260923\r\n"),
        reply: Reply(nextLine: 2, good: 1, faulty: 0)
    )
    static let examples = Examples<Params, Reply>(full: example, minimal: example)

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        guard params.csv.utf8.count <= ImportText.mostBytes else {
            throw Fault.invalid("/csv", expected: "at most 512 KiB", zh: "至多 512 KiB")
        }
        let access = try ImportAccess(call)
        var (record, kind) = try access.found(params.importId, call, locking: true)
        guard record.account == access.principal.accountID else { throw HostFault.forbidden.fault() }
        // The host reads its lines from a file.
        guard record.unread == nil else { throw ImportRefusal.wrongState(record.state) }
        guard record.state == .open else { throw ImportRefusal.wrongState(record.state) }
        guard params.fromLine <= record.nextLine else {
            throw ImportRefusal.outOfOrder.fault(["nextLine": .integer(record.nextLine)])
        }
        call.note("importId", .string(record.id.description))
        if params.fromLine == record.nextLine {
            let upload = try ImportUpload(record, kind, readable: try access.readable(kind), call)
            let taken = try upload.take(params.csv)
            record.lines += Int64(taken.lines)
            record.good += Int64(taken.good)
            record.faulty += Int64(taken.faulty)
            call.note("lines", .integer(Int64(taken.lines)))
        }
        return Reply(nextLine: record.nextLine, good: record.good, faulty: record.faulty)
    }
}
