internal import XinglinKit

/// `decoction.supplier.update`
struct UpdateSupplier: RPCMethod {
    struct Params: Codable, Sendable {
        let supplierId: RecordID
        var nameZh: String?
        var licence: String?
        var licenceKind: LicenceKind?
        var licenceEnds: LocalDate?
        var designatedToxic: Bool?
        var designationNumber: String?
        var version: Int?
        let reason: String
    }

    struct Reply: Codable, Sendable {
        let supplierId: RecordID
        let version: Int
        var licenceState: LicenceState?
    }

    static let name = "decoction.supplier.update"
    static let summary = """
        Changes what is recorded of a supplier, such as the end of a renewed licence (PC-01); what it was before stays readable with \
        who changed it, when and why.
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        [
            .required("supplierId", .id, "A supplier in use."),
            .optional("nameZh", .text(1...100), "The name on the licence; as it was unless told."),
            .optional("licence", .text(1...60), "The number of the licence; as it was unless told."),
        ] + SupplierCard.details + [
            .optional(
                "version", .integer(1...1_000_000_000),
                "The version that was looked at: refused where there is a later one."),
            .required("reason", .text(1...200), "Why."),
        ])
    static let reply = Schema.object(
        .required("supplierId", .id, "The supplier."),
        .required("version", .integer(1...1_000_000_000), "Its version now."),
        .optional("licenceState", .enumeration(LicenceState.codes), "How the licence stands, where its end was given."))
    static let faults = [PurchasingFault.withdrawn, DecoctionFault.supplierExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        if params.designatedToxic != nil || params.designationNumber != nil {
            try SupplierCard.checkDesignation(params.designatedToxic, params.designationNumber)
        }
        let act = try LotStore.Act(call)
        let change = SupplierVersionStore.Change(
            nameZh: params.nameZh.map(PlainText.trimmed), licence: params.licence.map(PlainText.number),
            licenceKind: params.licenceKind, licenceEnds: params.licenceEnds, designatedToxic: params.designatedToxic,
            designationNumber: params.designationNumber.map(PlainText.number))
        let filter = try SupplierCard.filter(call)
        let sql = SupplierVersionStore.update(
            params.supplierId, change, onVersion: params.version, reason: PlainText.trimmed(params.reason), act)
        guard let version = try call.db.first(sql, as: Int.self) else {
            throw try SupplierChange.refusal(of: params.supplierId, call)
        }
        call.note("supplierId", .string(params.supplierId.description))
        call.note("version", .integer(Int64(version)))
        return Reply(
            supplierId: params.supplierId, version: version,
            licenceState: params.licenceEnds.map { LicenceState($0, on: call.today, warnDays: filter.warnDays) })
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    supplierId: Sample.supplier, nameZh: "亳州某饮片有限公司", licence: "皖20260001",
                    licenceKind: .production, licenceEnds: Sample.expiresOn, designatedToxic: true,
                    designationNumber: "皖药监毒〔2026〕1号", version: 1, reason: "许可证换发"),
                Reply(supplierId: Sample.supplier, version: 2, licenceState: .valid)
            ),
            minimal: (
                Params(supplierId: Sample.supplier, reason: "更正"), Reply(supplierId: Sample.supplier, version: 2)
            ))
    }
}

/// Why a supplier cannot be changed.
enum SupplierChange {
    /// Nobody has it, it stands so already, or somebody else has just changed it.
    static func refusal(of id: RecordID, isRestoring: Bool = false, _ call: Call) throws -> Fault {
        let name: [String: JSONValue] = ["supplierId": .string(id.description)]
        let sql = SupplierVersionStore.judged(id, site: try call.site.id)
        guard let found = try call.db.first(sql, as: (Int, LocalDate?, Bool?, LocalDate?).self) else {
            return HostFault.notFound.fault(.object(name))
        }
        guard (found.3 != nil) != isRestoring else {
            return HostFault.conflict.fault(
                .object(name.merging(["version": .integer(Int64(found.0))]) { one, _ in one }))
        }
        var details = name
        details["withdrawnOn"] = found.3.map { .string($0.description) }
        return PurchasingFault.withdrawn.fault(.object(details))
    }
}
