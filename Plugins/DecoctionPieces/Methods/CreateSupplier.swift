internal import XinglinKit

/// `decoction.supplier.create`
struct CreateSupplier: RPCMethod {
    struct Params: Codable, Sendable {
        let nameZh: String
        let licence: String
    }

    struct Reply: Codable, Sendable {
        let supplierId: RecordID
    }

    static let name = "decoction.supplier.create"
    static let summary = "Records a supplier with the licence that allows it to deliver (PC-01)."
    static let effect = Effect.write
    static let access = Access.roles([.pharmacist])
    static let params = Schema.object(
        .required("nameZh", .text(1...100), "The name on the licence."),
        .required(
            "licence", .text(1...60),
            "The number of its drug production or operation licence, unique in the site; blanks and full width do not count."
        ))
    static let reply = Schema.object(.required("supplierId", .id, "The new supplier."))
    static let faults = [DecoctionFault.supplierExists]

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let supplier = call.newID()
        let licence = PlainText.number(params.licence)
        let site = try call.site.id
        let added = try call.db.execute(
            SupplierStore.create(
                supplier, nameZh: PlainText.trimmed(params.nameZh), licence: licence, site: site,
                by: call.caller.accountID, at: call.now))
        guard added == 1 else {
            let known = try call.db.first(SupplierStore.find(licence: licence, site: site), as: RecordID.self)
            throw DecoctionFault.supplierExists.fault(["supplierId": known.map { .string($0.description) } ?? .null])
        }
        call.note("supplierId", .string(supplier.description))
        return Reply(supplierId: supplier)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(nameZh: "亳州某饮片有限公司", licence: "皖20260001"), reply: Reply(supplierId: Sample.supplier)
        )
        return Examples(full: example, minimal: example)
    }
}
