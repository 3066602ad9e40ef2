internal import XinglinKit

/// `decoction.supplier.create`
struct CreateSupplier: RPCMethod {
    struct Params: Codable, Sendable {
        let nameZh: String
        let licence: String
        var licenceKind: LicenceKind?
        var licenceEnds: LocalDate?
        var designatedToxic: Bool?
        var designationNumber: String?
    }

    struct Reply: Codable, Sendable {
        let supplierId: RecordID
        let licenceState: LicenceState
    }

    static let name = "decoction.supplier.create"
    static let summary = """
        Records a supplier with the licence that allows it to deliver, until when it holds, and whether the firm is designated for \
        toxic pieces (PC-01).
        """
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        [
            .required("nameZh", .text(1...100), "The name on the licence."),
            .required(
                "licence", .text(1...60),
                "The number of its drug production or operation licence, unique in the site; blanks and full width do not count."
            ),
        ] + SupplierCard.details)
    static let reply = Schema.object(
        .required("supplierId", .id, "The new supplier."),
        .required(
            "licenceState", .enumeration(LicenceState.codes),
            "How the licence stands; licenceEndUnknown without its end."))
    static let faults = [DecoctionFault.supplierExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try SupplierCard.checkDesignation(params.designatedToxic, params.designationNumber)
        let supplier = call.newID()
        let licence = PlainText.number(params.licence)
        let act = try LotStore.Act(call)
        let more = SupplierVersionStore.Change(
            licenceKind: params.licenceKind, licenceEnds: params.licenceEnds, designatedToxic: params.designatedToxic,
            designationNumber: params.designationNumber.map(PlainText.number))
        let warnDays = try SupplierCard.filter(call).warnDays
        let added = try call.db.execute(
            SupplierStore.create(supplier, nameZh: PlainText.trimmed(params.nameZh), licence: licence, act, more))
        guard added == 1 else {
            let known = try call.db.first(SupplierStore.find(licence: licence, site: act.site), as: RecordID.self)
            throw DecoctionFault.supplierExists.fault(["supplierId": known.map { .string($0.description) } ?? .null])
        }
        call.note("supplierId", .string(supplier.description))
        return Reply(
            supplierId: supplier, licenceState: LicenceState(params.licenceEnds, on: call.today, warnDays: warnDays))
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (
                Params(
                    nameZh: "亳州某饮片有限公司", licence: "皖20260001", licenceKind: .production,
                    licenceEnds: Sample.expiresOn, designatedToxic: true, designationNumber: "皖药监毒〔2026〕1号"),
                Reply(supplierId: Sample.supplier, licenceState: .valid)
            ),
            minimal: (
                Params(nameZh: "亳州某饮片有限公司", licence: "皖20260001"),
                Reply(supplierId: Sample.supplier, licenceState: .licenceEndUnknown)
            ))
    }
}
