internal import XinglinKit
internal import XinglinPostgres

/// `imports.apply`: has a checked import applied.
struct ImportsApply: RPCMethod {
    struct Params: Codable, Sendable {
        var importId: RecordID
        var mode: ImportMode
    }

    static let name = "imports.apply"
    static let summary = """
        Has a checked import applied as the caller, all lines or none, or the good ones. It goes on beside the calls: imports.get \
        tells of it.
        """
    static let effect = Effect.write
    static let access = Access.authenticated
    static let params = Schema.object(
        .required("importId", .id, "An import of the acting site that is checked, or was refused."),
        .required(
            "mode", .enumeration(ImportMode.allCases.map(\.rawValue)),
            "allOrNothing: one transaction; refused while a line is faulty. goodLines: faulty lines are left out."))
    static let reply = ImportReply.schema
    static let faults = [ImportRefusal.state, ImportRefusal.faulty]
    static let examples = Examples<Params, ImportReply>(
        full: (Params(importId: ImportReply.exampleID, mode: .allOrNothing), .fullExample),
        minimal: (Params(importId: ImportReply.exampleID, mode: .goodLines), .example))

    func handle(_ params: Params, _ call: Call) throws -> ImportReply {
        let access = try ImportAccess(call)
        let (record, kind) = try access.found(params.importId, call, locking: true)
        guard record.state.canBeApplied else { throw ImportRefusal.wrongState(record.state) }
        if params.mode == .allOrNothing {
            guard record.faulty == 0 else {
                throw ImportRefusal.faulty.fault(["faulty": .integer(record.faulty), "lines": .integer(record.lines)])
            }
            // A part of it stands already.
            guard record.applied == 0 else { throw ImportRefusal.wrongState(record.state) }
        }
        let started = ImportStore.start(record.id, params.mode, by: access.principal.accountID, at: call.now)
        try call.db.batch([Statement(started[0], .rows(1)), Statement(started[1])])
        call.note("importId", .string(record.id.description))
        call.note("kind", .string(kind.name))
        call.note("mode", .string(params.mode.rawValue))
        let worker = try call.hosted.services.importWorker
        try call.hosted.onCommit { worker.wake() }
        return try ImportReply.current(record.id, call)
    }
}
