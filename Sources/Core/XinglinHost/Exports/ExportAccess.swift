internal import XinglinKit

/// Judges who may export what at a site.
struct ExportAccess {
    private let bulk: BulkAccess

    var principal: Principal { self.bulk.principal }
    var site: Site { self.bulk.site }

    init(_ call: Call) throws {
        self.bulk = try BulkAccess(call)
    }

    init(_ services: HostServices, principal: Principal, site: Site) {
        self.bulk = BulkAccess(services, principal: principal, site: site)
    }

    /// The kinds that may be exported.
    var kinds: [ExportKind] {
        self.bulk.registry.exports.values.filter { self.bulk.isPermitted($0.access, module: $0.module) }
            .sorted { $0.name < $1.name }
    }

    /// The kind of that name, where it may be exported.
    /// - Throws: `host.invalidParams`, `host.moduleDisabled`, `host.forbidden`.
    func kind(_ name: String) throws -> ExportKind {
        guard let kind = self.bulk.registry.exports[name] else {
            let known = self.kinds.map(\.name).joined(separator: ", ")
            throw Fault.invalid(
                "/kind", expected: "a kind that exports.kinds lists: \(known)", zh: "exports.kinds 列出的种类：\(known)")
        }
        _ = try self.readable(kind)
        return kind
    }

    /// The sites whose rows an export of the kind may read.
    func readable(_ kind: ExportKind) throws(Fault) -> [RecordID] {
        try self.bulk.readable(kind.access, module: kind.module)
    }

    /// An export of the acting site whose kind the caller may export.
    /// - Throws: `host.notFound`, `host.moduleDisabled`, `host.forbidden`.
    func found(_ id: RecordID, _ call: Call) throws -> ExportRecord {
        guard let record = try ExportRecord.read(call.db.rows(ExportStore.get(id))).first, record.site == self.site.id
        else { throw HostFault.notFound.fault(["exportId": .string(id.description)]) }
        _ = try self.kind(record.kind)
        return record
    }
}
