internal import XinglinKit

/// `decoction.supplier.get`
struct GetSupplier: RPCMethod {
    struct Params: Codable, Sendable {
        let supplierId: RecordID
    }

    struct Reply: Codable, Sendable {
        let supplier: RowList<SupplierCard>
        let versions: RowList<Version>
    }

    /// What the supplier was until a change.
    struct Version: Codable, Sendable {
        let version: Int
        let nameZh: String
        let licence: String
        var licenceKind: LicenceKind?
        var licenceEnds: LocalDate?
        var designatedToxic: Bool?
        var designationNumber: String?
        var withdrawnOn: LocalDate?
        let endedAt: Timestamp
        let endedBy: RecordID
        let reason: String
    }

    static let name = "decoction.supplier.get"
    static let summary =
        "Shows a supplier, and what it was before each change with who made the change, when and why (PC-01)."
    static let effect = Effect.read
    static let access = Access.roles([.pharmacist, .reviewer, .siteAdmin])
    static let params = Schema.object(.required("supplierId", .id, "The supplier."))
    static let reply = Schema.object(
        .required("supplier", .array(SupplierCard.schema, 1...1), "The supplier as it is now."),
        .required("versions", .array(Self.version, 0...500), "What it was before, the latest first."))

    private static let version = Schema.object(
        [
            .required("version", .integer(1...1_000_000_000), "The version."),
            .required("nameZh", .text(1...100), "The name on its licence."),
            .required("licence", .text(1...60), "The number of its licence."),
        ] + SupplierCard.details + [
            .optional("withdrawnOn", .date, "Since when nothing was received from it."),
            .required("endedAt", .timestamp, "When it was changed."), .required("endedBy", .id, "By which account."),
            .required("reason", .text(1...200), "Why."),
        ])

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let filter = try SupplierCard.filter(call, only: params.supplierId)
        let results = try call.db.batch([
            Statement(
                SupplierStore.list(filter, site: site, after: RecordID(high: 0, low: 0), limit: 1), .rows(1),
                otherwise: HostFault.notFound.fault(["supplierId": .string(params.supplierId.description)])),
            Statement(SupplierVersionStore.versions(of: params.supplierId, site: site)),
        ])
        return Reply(
            supplier: .json(results[0].json(SupplierStore.columns)),
            versions: .json(results[1].json(SupplierVersionStore.columns)))
    }

    static var examples: Examples<Params, Reply> {
        let version = Version(
            version: 1, nameZh: "亳州某饮片有限公司", licence: "皖20260001", licenceKind: .production,
            licenceEnds: Sample.producedOn, designatedToxic: true, designationNumber: "皖药监毒〔2026〕1号",
            withdrawnOn: Sample.producedOn, endedAt: Sample.instant, endedBy: Sample.account, reason: "许可证换发")
        let params = Params(supplierId: Sample.supplier)
        return Examples(
            full: (params, Reply(supplier: .elements([.example]), versions: .elements([version]))),
            minimal: (params, Reply(supplier: .elements([.small]), versions: .elements([]))))
    }
}
