internal import XinglinKit

/// `decoction.pharmacy.set`
struct SetSharedPharmacy: RPCMethod {
    struct Params: Codable, Sendable {
        let licence: String
        let takesOrders: Bool
    }

    struct Reply: Codable, Sendable {
        let code: String
        let takesOrders: Bool
    }

    static let name = "decoction.pharmacy.set"
    static let summary =
        "Says whether the acting site's pharmacy supplies other sites, and under which licence (PC-01)."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(
        .required("licence", .text(1...60), "The number of its licence; blanks and full width do not count."),
        .required("takesOrders", .boolean, "Whether other sites may order from it."))
    static let reply = Schema.object(
        .required("code", .text(1...60), "The site's code, by which others order."),
        .required("takesOrders", .boolean, "Whether other sites may order from it."))

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        let site = try call.site
        try call.db.execute(
            OrderStore.setPharmacy(
                licence: PlainText.number(params.licence), isOpen: params.takesOrders, of: site,
                by: call.caller.accountID, at: call.now), expecting: .rows(1))
        call.note("takesOrders", .bool(params.takesOrders))
        return Reply(code: site.code, takesOrders: params.takesOrders)
    }

    static var examples: Examples<Params, Reply> {
        let example = (
            params: Params(licence: "京20260001", takesOrders: true), reply: Reply(code: "county-01", takesOrders: true)
        )
        return Examples(full: example, minimal: example)
    }
}
